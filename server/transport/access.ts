import { isIP } from 'node:net';

/** Who may call the server from a browser. */
export interface AccessRules {
  /** Origins of other pages, as in `https://example.org`. */
  readonly allowOrigins: readonly string[];
  /** Names by which the server may be called. */
  readonly allowHosts: readonly string[];
}

/** The parts of a request that the rules look at. */
export interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/**
 * Why a caller is turned away, or null where it may come in.
 *
 * A page of another site can make a browser send requests here, and by DNS rebinding even under a name of its own; so a name in
 * `Host` must be known (an address or localhost cannot be rebound), and an `Origin` must be the server's own or a listed one.
 * Programs send no `Origin`; they are not restricted here.
 */
export function refuseCaller(caller: Caller, rules: AccessRules): string | null {
  const host = hostName(caller.host);
  if (host === null) return 'The request has no valid Host header';
  if (!isOwnName(host) && !rules.allowHosts.includes(host)) {
    return `The server is not known as ${host}: add it with --allow-host`;
  }
  if (caller.origin === undefined || rules.allowOrigins.includes(caller.origin)) return null;
  if (URL.canParse(caller.origin) && new URL(caller.origin).host === caller.host?.toLowerCase()) return null;
  return `Pages of ${caller.origin.slice(0, 256)} may not connect: add the origin with --allow-origin`;
}

/** Whether an address to listen on is reached from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function hostName(header: string | undefined): string | null {
  if (header === undefined || !URL.canParse(`http://${header}`)) return null;
  const { hostname, pathname, username } = new URL(`http://${header}`);
  return pathname === '/' && username === '' ? hostname : null;
}

function isOwnName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
