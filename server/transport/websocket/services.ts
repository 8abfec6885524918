import type { SessionRegistry } from '../../duet/registry.js';
import type { ModelRegistry } from '../../runtime/model-registry.js';
import type { Log } from '../log.js';
import type { HostedSessions } from '../sessions/hosted-sessions.js';
import type { MessageRates } from './message-budget.js';
import type { Rate } from './token-bucket.js';

/** What a connection works with. */
export interface ConnectionServices {
  readonly registry: SessionRegistry;
  readonly sessions: HostedSessions;
  readonly models: ModelRegistry;
  readonly limits: ConnectionLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** A new id that cannot be guessed: who knows it may resume the session. */
  readonly newId: () => string;
  readonly log: Log;
}

/** Times and bounds of a connection; tests shorten them. */
export interface ConnectionLimits {
  /** Time for a new connection to open or resume a session. */
  readonly openWithinMs: number;
  readonly heartbeatMs: number;
  /** Time for which a session may be open without anything watched or said. */
  readonly idleMs: number;
  /** A client that takes nothing for so long, and is this many events behind, is closed. */
  readonly maxLag: number;
  readonly stalledAfterMs: number;
  /** Bad messages on one connection before it is closed; time forgives them. Pictures do not count. */
  readonly faults: Rate;
  /** Pictures that were skipped and are told one by one; the others are counted in the next one told. */
  readonly pictureErrors: Rate;
  /** What a connection may send; beyond it the server reads no faster, and closes it when that goes on. */
  readonly rates: MessageRates;
  /** User texts that may wait for their moment. */
  readonly maxWaitingTexts: number;
}

const mebibyte = 1024 * 1024;

/** Limits for real clients. */
export const defaultConnectionLimits: ConnectionLimits = {
  openWithinMs: 30_000,
  heartbeatMs: 20_000,
  idleMs: 600_000,
  maxLag: 2000,
  stalledAfterMs: 10_000,
  faults: { burst: 100, perSecond: 1 },
  pictureErrors: { burst: 20, perSecond: 1 },
  rates: {
    messages: { burst: 2000, perSecond: 1000 },
    textBytes: { burst: 4 * mebibyte, perSecond: mebibyte / 2 },
    pictureBytes: { burst: 128 * mebibyte, perSecond: 64 * mebibyte },
    patienceMs: 10_000,
  },
  maxWaitingTexts: 256,
};
