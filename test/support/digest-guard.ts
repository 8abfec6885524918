import { createHash } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** How a {@link DigestGuard} wants to be answered. */
export interface DigestDemand {
  readonly realm?: string;
  readonly algorithm?: string;
  readonly qop?: string;
  readonly opaque?: string;
  /** Requests that a nonce is good for; default any number. */
  readonly uses?: number;
  /** Whether the server says of an old nonce that it is one; default yes. */
  readonly saysStale?: boolean;
  /** Whether each answer gives the nonce of the next request; only that one is taken then. */
  readonly givesNext?: boolean;
  /** Whether every answer is refused as stale. */
  readonly neverContent?: boolean;
  /** Sent before the challenge, as other ways to sign in. */
  readonly before?: string;
}

/** A request as the guard took it. */
export interface Guarded {
  readonly path: string;
  readonly status: number;
  readonly authorization: string | undefined;
  readonly count: number | undefined;
}

const defaultRealm = 'Camera 1, door';
const user = { name: 'operator', password: 'p@ss:word' };

/**
 * Stands before a page and checks Digest authentication as a strict server does: each count once and in
 * order, and the very path and query.
 */
export class DigestGuard {
  readonly heard: Guarded[] = [];
  readonly #demand: DigestDemand;
  #nonces = 0;
  #count = 0;

  constructor(demand: DigestDemand = {}) {
    this.#demand = demand;
  }

  /** An address with the user that is let in. */
  static signed(url: string, password = 'p%40ss:word'): string {
    return url.replace('http://', `http://operator:${password}@`);
  }

  before(page: RequestListener): RequestListener {
    return (request, response) => {
      const fields = read(request.headers.authorization ?? '');
      const verdict = this.#judge(request, fields);
      this.heard.push({
        path: request.url ?? '',
        status: verdict === 'right' ? 200 : 401,
        authorization: request.headers.authorization,
        count: fields.nc === undefined ? undefined : parseInt(fields.nc, 16),
      });
      if (verdict !== 'right') {
        this.#refuse(response, verdict);
        return;
      }
      if (this.#demand.givesNext === true) {
        this.#renew();
        response.setHeader('authentication-info', `nextnonce="${this.#nonce}", qop=auth`);
      }
      page(request, response);
    };
  }

  get #nonce(): string {
    return `nonce,=${this.#nonces}/Zz==`;
  }

  #renew(): void {
    this.#nonces += 1;
    this.#count = 0;
  }

  #refuse(response: ServerResponse, verdict: 'wrong' | 'stale'): void {
    const { realm = defaultRealm, algorithm, qop, opaque, saysStale = true, before } = this.#demand;
    this.#renew();
    const challenge = [
      `Digest realm="${realm.replaceAll('"', '\\"')}"`,
      `nonce="${this.#nonce}"`,
      ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
      ...(qop === undefined ? [] : [`qop="${qop}"`]),
      ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
      ...(verdict === 'stale' && saysStale ? ['stale=TRUE'] : []),
    ].join(', ');
    const challenges = before === undefined ? [challenge] : [before, challenge];
    response.writeHead(401, { 'www-authenticate': challenges }).end('Who are you?');
  }

  #judge(request: IncomingMessage, fields: Record<string, string>): 'right' | 'wrong' | 'stale' {
    const {
      realm = defaultRealm,
      algorithm = 'MD5',
      qop,
      opaque,
      uses = Infinity,
      neverContent = false,
    } = this.#demand;
    const hash = (text: string) =>
      createHash(algorithm.startsWith('SHA-256') ? 'sha256' : 'md5')
        .update(text)
        .digest('hex');
    const { nonce = '', nc = '', cnonce = '' } = fields;
    const login = hash(`${user.name}:${realm}:${user.password}`);
    const secret = algorithm.endsWith('-sess') ? hash(`${login}:${nonce}:${cnonce}`) : login;
    const middle = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:auth`;
    const response = hash(`${secret}:${middle}:${hash(`GET:${request.url}`)}`);
    const isRight =
      fields.username === user.name &&
      fields.realm === realm &&
      fields.uri === request.url &&
      fields.response === response &&
      fields.opaque === opaque &&
      (fields.algorithm ?? 'MD5') === algorithm &&
      (qop === undefined || (fields.qop === 'auth' && cnonce !== ''));
    if (!isRight) return 'wrong';
    this.#count += 1;
    if (neverContent || nonce !== this.#nonce || this.#count > uses) return 'stale';
    return qop === undefined || parseInt(nc, 16) === this.#count ? 'right' : 'wrong';
  }
}

function read(authorization: string): Record<string, string> {
  if (!authorization.startsWith('Digest ')) return {};
  const found = authorization.slice(7).matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g);
  return Object.fromEntries(
    [...found].map(([, name = '', quoted, bare = '']) => [name, quoted?.replaceAll(/\\(.)/g, '$1') ?? bare]),
  );
}
