import { createHash } from 'node:crypto';

/**
 * The `Authorization` of a GET by Digest (RFC 7616; RFC 2069 where nothing is counted).
 *
 * @returns undefined where the user name holds what no header can.
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

/** Who signs in. */
export interface User {
  readonly username: string;
  readonly password: string;
}

/** What a server wants to have answered, each character standing for a byte, as in headers. */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string | undefined;
  /** As the server spells it; without one it is MD5. */
  readonly algorithm?: string | undefined;
  /** Whether requests are counted and carry a nonce of the client's (`qop="auth"`). */
  readonly counted: boolean;
}

/** The request that is signed. */
interface SignedRequest {
  /** Path and query, as they are sent. */
  readonly target: string;
  readonly clientNonce: string;
  /** How many requests the nonce of the server was used for, this one included. */
  readonly count: number;
}

const hashes: Readonly<Record<string, string>> = {
  md5: 'md5',
  'sha-256': 'sha256',
  'sha-512-256': 'sha512-256',
};

/** What `WWW-Authenticate: Digest` asks for; undefined where that cannot be answered. */
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
