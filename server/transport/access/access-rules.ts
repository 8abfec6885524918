import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Why a caller is refused, or null if it may connect.
 *
 * A page of another site can make a browser send requests here, and with DNS rebinding even under a name of
 * its own. So a name in `Host` must be known (an address or localhost cannot be rebound), and an `Origin`
 * must be the server's own or a listed one. Requests without an `Origin`, such as for an image in a page, are
 * judged by `Sec-Fetch-Site`: another site may only link to the server. Programs send neither header and are
 * not restricted here.
 */
export function refusalReason(caller: Caller, rules: AccessRules): string | null {
  const host = hostName(caller.host);
  if (host === null) return 'The request has no valid Host header';
  if (!isOwnName(host) && !rules.allowHosts.some((allowed) => hostName(allowed) === host)) {
    return `The server is not known as ${host}: add it with --allow-host`;
  }
  const { origin } = caller;
  if (origin !== undefined && rules.allowOrigins.includes(origin)) return null;
  if (origin !== undefined && !isSameHost(origin, caller.host)) {
    return `Pages of ${origin.slice(0, 256)} may not connect: add the origin with --allow-origin`;
  }
  if (isOwnSite(caller.site) || caller.isVisit === true) return null;
  return 'Pages of other sites may not connect: add their origin with --allow-origin';
}

/** Which browser callers may use the server. */
export interface AccessRules {
  /** Origins of other pages, as in `https://example.org`. */
  readonly allowOrigins: readonly string[];
  /** Host names under which the server may be reached. */
  readonly allowHosts: readonly string[];
}

/** The parts of a request that the rules check. Browsers send the last ones; programs need not. */
interface Caller {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** How the requesting page is related to the server: `Sec-Fetch-Site`. */
  readonly site?: string | undefined;
  /** Whether a user opens the address itself, in a tab or window. */
  readonly isVisit?: boolean;
}

/** The parts of a request that the rules check. */
export function callerOf({ method, headers, headersDistinct }: IncomingMessage): Caller {
  const { origin } = headers;
  // A proxy in between may take another of several than we would.
  const [host, ...others] = headersDistinct.host ?? [];
  const site = headers['sec-fetch-site'];
  const isVisit =
    method === 'GET' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return {
    host: others.length === 0 ? host : undefined,
    origin,
    site: Array.isArray(site) ? site.join() : site,
    isVisit,
  };
}

/**
 * Whether a text is an origin as browsers send it, so that a page can have it and no other can: `null` is
 * that of every sandboxed page and every file.
 */
export function isOrigin(text: string): boolean {
  if (!/^[a-z][a-z\d+.-]*:\/\/[^\s/?#@*\\]+$/.test(text)) return false;
  return !/^https?:/.test(text) || (URL.canParse(text) && new URL(text).origin === text);
}

/**
 * Whether a text is a name by which a server can be called; capitals and letters of any script may be in it.
 */
export function isHostName(text: string): boolean {
  return isIP(text) !== 0 || (/^[^\s:/?#@*\\]+$/.test(text) && hostName(text) !== null);
}

/** Whether an address to listen on is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function hostName(header: string | undefined): string | null {
  if (header === undefined || !URL.canParse(`http://${header}`)) return null;
  const { hostname, pathname, username } = new URL(`http://${header}`);
  return pathname === '/' && username === '' ? hostname : null;
}

function isSameHost(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}

/**
 * `none` means the user: a typed address, a bookmark. Another port of the same name is `same-site`, which is
 * another page.
 */
function isOwnSite(site: string | undefined): boolean {
  return site === undefined || site === 'same-origin' || site === 'none';
}

function isOwnName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
