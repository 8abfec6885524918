import type { SessionRegistry } from '../../duet/registry.js';
import type { ModelRegistry } from '../../runtime/model-registry.js';
import type { Log } from '../log.js';
import type { RecordStore } from '../../records/record-store.js';
import type { HostedSessions } from '../sessions/hosted-sessions.js';
import type { ReadableSessions } from '../sessions/readable-sessions.js';
import type { Shares } from '../sessions/shares.js';
import type { MessageRates } from './message-budget.js';
import type { Rate } from './token-bucket.js';

/** What a connection depends on. */
export interface ConnectionServices {
  readonly registry: SessionRegistry;
  readonly sessions: HostedSessions;
  readonly models: ModelRegistry;
  /** Keeps sessions on disk; null where they are kept in memory only. */
  readonly records: RecordStore | null;
  readonly readable: ReadableSessions;
  readonly shares: Shares;
  readonly limits: ConnectionLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** A new id that cannot be guessed: anyone who knows it may resume the session. */
  readonly newId: () => string;
  readonly log: Log;
}

/** Times and bounds of a connection; tests shorten them. */
export interface ConnectionLimits {
  /** Time for a new connection to open or resume a session. */
  readonly openWithinMs: number;
  readonly heartbeatMs: number;
  /** How long a session may be open without anything watched or said. */
  readonly idleMs: number;
  /** Longest that a client may have its session go on without it. */
  readonly keepMs: number;
  /** A client that reads nothing for this long and is this many events behind is closed. */
  readonly maxLag: number;
  readonly stalledAfterMs: number;
  /**
   * Bad messages on one connection before it is closed; they are forgiven over time. Pictures do not count.
   */
  readonly faults: Rate;
  /** Skipped pictures reported one by one; the rest are counted in the next report. */
  readonly pictureErrors: Rate;
  /** What a connection may send; beyond that it is read no faster, and closed when it goes on. */
  readonly rates: MessageRates;
  /** Connections that may follow sessions without controlling them, all together. */
  readonly maxFollowers: number;
  /** User texts that may wait for their time in the video. */
  readonly maxWaitingTexts: number;
}

const mebibyte = 1024 * 1024;

/** Limits for production. */
export const defaultConnectionLimits: ConnectionLimits = {
  openWithinMs: 30_000,
  heartbeatMs: 20_000,
  idleMs: 600_000,
  keepMs: 3_600_000,
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
  maxFollowers: 100,
  maxWaitingTexts: 256,
};
