import type { Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { DuetError } from '../../errors.js';

/** Starts listening; throws 'unsupported' when the address is not available. */
export async function listen(server: Server, host: string, port: number): Promise<ReachableAddresses> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'is in use: choose another --port'
          : `is not available (${cause.code ?? ''})`;
      reject(new DuetError('unsupported', `The address ${host}:${port} ${why}`, { cause }));
    });
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string')
    throw new DuetError('internal', 'The server has no address');
  return reachableAddresses(bound.address, bound.port);
}

/** Accepts no more connections; resolves when the last one has ended. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

/** The addresses under which a listening server can be reached. */
interface ReachableAddresses {
  /** The one to try first, from this machine. */
  readonly url: string;
  /** Those at which other machines may reach it, if it listens on all of this machine's addresses. */
  readonly others: readonly string[];
}

/** Addresses to type into a browser; `0.0.0.0` and `::` stand for all addresses of the machine. */
export function reachableAddresses(address: string, port: number): ReachableAddresses {
  if (address !== '0.0.0.0' && address !== '::') return { url: urlOf(address, port), others: [] };
  const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outside = own.filter(({ internal, family, address: ip }) => {
    // A link-local address needs the name of an interface, which browsers do not accept.
    return !internal && !/^fe[89ab]/i.test(ip) && (address === '::' || family === 'IPv4');
  });
  return { url: `http://localhost:${port}`, others: outside.map(({ address: ip }) => urlOf(ip, port)) };
}

function urlOf(address: string, port: number): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
