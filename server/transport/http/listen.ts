import type { Server } from 'node:http';
import { DuetError } from '../../errors.js';
import { reachableAddresses, type ReachableAddresses } from '../access/reachable-addresses.js';

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
