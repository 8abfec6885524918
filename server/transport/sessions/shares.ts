import { createHash, randomBytes } from 'node:crypto';
import { DuetError } from '../../errors.js';
import type { RecordStore } from '../../records/record-store.js';

/**
 * The tokens with which others may follow a session: read it, and nothing else. Only their hashes are kept;
 * with a record they outlive the session and the server.
 */
export class Shares {
  readonly #store: RecordStore | null;
  /** Ids of sessions by the hashes of their tokens. */
  readonly #sessions = new Map<string, string>();
  readonly #loaded: Promise<void>;

  constructor(store: RecordStore | null) {
    this.#store = store;
    this.#loaded = this.#load().catch(() => undefined);
  }

  /** A new token for a session. Throws 'invalid_request' when it has too many. */
  async mint(sessionId: string): Promise<string> {
    await this.#loaded;
    const before = this.#hashesOf(sessionId);
    if (before.length >= mostShares) {
      const message = `The session has ${mostShares} tokens already: take them back with session.unshare`;
      throw new DuetError('invalid_request', message);
    }
    const token = `${prefix}${randomBytes(24).toString('base64url')}`;
    this.#sessions.set(hashOf(token), sessionId);
    this.#note(sessionId);
    return token;
  }

  /** Takes back all tokens of a session. */
  async revoke(sessionId: string): Promise<void> {
    await this.#loaded;
    for (const hash of this.#hashesOf(sessionId)) this.#sessions.delete(hash);
    this.#note(sessionId);
  }

  /** The id of the session that a token belongs to; null if there is none. */
  async sessionOf(token: string): Promise<string | null> {
    if (!isShareToken(token)) return null;
    await this.#loaded;
    return this.#sessions.get(hashOf(token)) ?? null;
  }

  async #load(): Promise<void> {
    for (const { identity, notes } of (await this.#store?.list()) ?? []) {
      for (const hash of notes.shares) this.#sessions.set(hash, identity.id);
    }
  }

  #hashesOf(sessionId: string): readonly string[] {
    return [...this.#sessions].flatMap(([hash, id]) => (id === sessionId ? [hash] : []));
  }

  #note(sessionId: string): void {
    this.#store?.opened(sessionId)?.note({ shares: this.#hashesOf(sessionId) });
  }
}

/** Whether a text has the form of a token, so that it is no id of a session. */
function isShareToken(text: string): boolean {
  return text.startsWith(prefix);
}

/**
 * What followers see instead of the id of a session: the id itself is the key to controlling it.
 */
export function followedName(sessionId: string): string {
  return `followed-${hashOf(sessionId).slice(0, 16)}`;
}

const prefix = 'follow_';

/** Most tokens of one session. */
const mostShares = 64;

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
