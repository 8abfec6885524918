import { randomBytes } from 'node:crypto';

import { parseChallenges, parseParameters } from './challenges.js';
import type { Challenge } from './challenges.js';
import { digestAuthorization, toDigestChallenge } from './digest.js';
import type { DigestChallenge, User } from './digest.js';

/** The users named in the addresses of one video. Each is used only at the origin of its address. */
export class SignIns {
  readonly #byOrigin = new Map<string, SignIn>();

  /** The sign-in for an address: the user it names, else the first one named for its origin. */
  of(url: URL): SignIn | undefined {
    const known = this.#byOrigin.get(url.origin);
    const user = userOf(url);
    if (user === undefined || known?.isOf(user) === true) return known;
    const signIn = new SignIn(user);
    if (known === undefined && this.#byOrigin.size < maxOrigins) this.#byOrigin.set(url.origin, signIn);
    return signIn;
  }
}

/**
 * One user at one origin. Nothing is sent before the server asks; then Digest is preferred to Basic, which
 * reveals the password. The challenge is remembered, so that later requests are signed at once.
 */
export class SignIn {
  readonly #user: User;
  #challenge: DigestChallenge | undefined;
  #authorize: ((target: string) => string | undefined) | undefined;

  constructor(user: User) {
    this.#user = user;
  }

  /** Whether it belongs to this user. */
  isOf({ username, password }: User): boolean {
    return username === this.#user.username && password === this.#user.password;
  }

  /**
   * The `Authorization` of the next request, once the server has asked for it.
   *
   * @param target path and query, as sent.
   */
  authorization(target: string): string | undefined {
    return this.#authorize?.(target);
  }

  /**
   * Takes the challenge of a 401 response.
   *
   * @param header its `WWW-Authenticate`.
   * @param answered how many challenges were already answered for this request. One is answered, and a second
   * if only the nonce was stale.
   * @returns whether to send the request again.
   */
  take(header: string | undefined, answered: number): boolean {
    const challenges = parseChallenges(header ?? '');
    const digest = challenges.find(isDigest);
    const challenge = digest && toDigestChallenge(digest.parameters);
    const isStale = digest?.parameters.get('stale')?.toLowerCase() === 'true';
    if (answered > (isStale ? 1 : 0)) return false;
    if (challenge !== undefined) this.#answerDigest(challenge);
    else if (header === undefined || challenges.some(isKnown)) this.#answerBasic();
    else return false;
    return true;
  }

  /**
   * Takes the nonce that a server gives for the next request.
   *
   * @param header the `Authentication-Info` of its response.
   */
  renew(header: string | undefined): void {
    const nonce = header === undefined ? undefined : parseParameters(header).get('nextnonce');
    if (nonce !== undefined && this.#challenge !== undefined) {
      this.#answerDigest({ ...this.#challenge, nonce });
    }
  }

  #answerDigest(challenge: DigestChallenge): void {
    // Servers differ in whether a session key is made once or per request; with a single client nonce both
    // give the same key.
    const clientNonce = randomBytes(16).toString('hex');
    let count = 0;
    this.#challenge = challenge;
    this.#authorize = (target) => {
      count += 1;
      return digestAuthorization(challenge, this.#user, { target, clientNonce, count });
    };
  }

  #answerBasic(): void {
    const { username, password } = this.#user;
    const secret = Buffer.from(`${username}:${password}`).toString('base64');
    this.#challenge = undefined;
    this.#authorize = () => `Basic ${secret}`;
  }
}

/** Origins whose user is remembered for addresses that name none. */
const maxOrigins = 16;

/** The schemes that a 401 names, if none of them is supported; otherwise undefined. */
export function unsupportedSchemes(header: string | undefined): string | undefined {
  const challenges = parseChallenges(header ?? '');
  if (challenges.length === 0 || challenges.some(isKnown)) return undefined;
  const ways = challenges.map(({ scheme, parameters }) =>
    [scheme, ...(scheme === 'digest' ? [parameters.get('algorithm') ?? '', parameters.get('qop') ?? ''] : [])]
      .join(' ')
      .trimEnd(),
  );
  return ways.join(', ').slice(0, 100);
}

function isKnown(challenge: Challenge): boolean {
  return challenge.scheme === 'basic' || isDigest(challenge);
}

/** Whether it is a Digest challenge that can be answered. */
function isDigest({ scheme, parameters }: Challenge): boolean {
  return scheme === 'digest' && toDigestChallenge(parameters) !== undefined;
}

function userOf({ username, password }: URL): User | undefined {
  if (username === '' && password === '') return undefined;
  return { username: unescaped(username), password: unescaped(password) };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself.
    return text;
  }
}
