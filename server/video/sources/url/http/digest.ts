import { createHash } from 'node:crypto';

/**
 * The `Authorization` header of a GET with Digest (RFC 7616; RFC 2069 when requests are not counted).
 *
 * @returns undefined when the user name has characters that a header cannot hold.
 */
export function digestAuthorization(
  challenge: DigestChallenge,
  user: User,
  request: SignedRequest,
): string | undefined {
  const { realm, nonce, opaque, algorithm, counted } = challenge;
  const { target, clientNonce } = request;
  const count = request.count.toString(16).padStart(8, '0');
  const username = inBytes(user.username);
  const hash = hashOf(algorithm);
  const secret = hash(`${username}:${realm}:${inBytes(user.password)}`);
  const key = isOfSession(algorithm) ? hash(`${secret}:${nonce}:${clientNonce}`) : secret;
  const proof = counted ? `${nonce}:${count}:${clientNonce}:auth` : nonce;
  const header = [
    `Digest username=${quoted(username)}, realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}, uri=${quoted(target)}`,
    `response="${hash(`${key}:${proof}:${hash(`GET:${target}`)}`)}"`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    ...(opaque === undefined ? [] : [`opaque=${quoted(opaque)}`]),
    ...(counted ? [`qop=auth, nc=${count}`] : []),
    ...(counted || isOfSession(algorithm) ? [`cnonce="${clientNonce}"`] : []),
  ].join(', ');
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(header) ? header : undefined;
}

/** The user who signs in. */
export interface User {
  readonly username: string;
  readonly password: string;
}

/** A server's Digest challenge, with each character standing for one byte, as in headers. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string | undefined;
  /** As the server spells it; default MD5. */
  readonly algorithm?: string | undefined;
  /** Whether requests are counted and carry a client nonce (`qop="auth"`). */
  readonly counted: boolean;
}

/** The request that is signed. */
interface SignedRequest {
  /** Path and query, as sent. */
  readonly target: string;
  readonly clientNonce: string;
  /** How many requests used the server's nonce, including this one. */
  readonly count: number;
}

const hashes: Readonly<Record<string, string>> = {
  md5: 'md5',
  'sha-256': 'sha256',
  'sha-512-256': 'sha512-256',
};

/** Reads the parameters of `WWW-Authenticate: Digest`; undefined when the challenge is not supported. */
export function toDigestChallenge(parameters: ReadonlyMap<string, string>): DigestChallenge | undefined {
  const nonce = parameters.get('nonce');
  const algorithm = parameters.get('algorithm');
  const protections = parameters
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/);
  const counted = protections?.includes('auth') === true;
  const onlyOthers = !counted && protections?.some((protection) => protection !== '') === true;
  if (nonce === undefined || onlyOthers || !Object.hasOwn(hashes, baseOf(algorithm))) return undefined;
  return {
    realm: parameters.get('realm') ?? '',
    nonce,
    opaque: parameters.get('opaque'),
    algorithm,
    counted,
  };
}

function baseOf(algorithm = 'MD5'): string {
  return algorithm.toLowerCase().replace(/-sess$/, '');
}

function isOfSession(algorithm = 'MD5'): boolean {
  return /-sess$/i.test(algorithm);
}

function hashOf(algorithm: string | undefined): (text: string) => string {
  const name = hashes[baseOf(algorithm)] ?? 'md5';
  return (text) => createHash(name).update(text, 'latin1').digest('hex');
}

/** Text in UTF-8, each byte as one character. */
function inBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
