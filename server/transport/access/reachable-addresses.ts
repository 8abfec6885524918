import { networkInterfaces } from 'node:os';

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

/** The addresses under which a listening server can be reached. */
export interface ReachableAddresses {
  /** The one to try first, from this machine. */
  readonly url: string;
  /** Those at which other machines may reach it, if it listens on all of this machine's addresses. */
  readonly others: readonly string[];
}

function urlOf(address: string, port: number): string {
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
