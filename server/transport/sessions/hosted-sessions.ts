import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import type { RecordStore } from '../../records/record-store.js';
import type { Log } from '../log.js';
import { HostedSession } from './hosted-session.js';
import type { OpenSource } from './open-source.js';
import { SourceControl } from './source-control.js';

/** All open sessions as clients use them. Sessions idle for too long are closed to make room for others. */
export class HostedSessions {
  readonly #registry: SessionRegistry;
  readonly #openSource: OpenSource;
  readonly #rule: IdleRule;
  readonly #records: RecordStore | null;
  readonly #hosted = new Map<string, HostedSession>();
  readonly #sweeping: ReturnType<typeof setInterval>;

  constructor(
    registry: SessionRegistry,
    openSource: OpenSource,
    rule: IdleRule,
    records: RecordStore | null = null,
  ) {
    this.#registry = registry;
    this.#openSource = openSource;
    this.#records = records;
    this.#rule = rule;
    const everyMs = Math.min(sweep.most, Math.max(sweep.least, rule.idleMs * sweep.shareOfLimit));
    this.#sweeping = setInterval(() => {
      this.#closeIdle();
    }, everyMs);
    this.#sweeping.unref();
  }

  /** The hosted session for a session of the registry; created at the first call. */
  host(session: DuetSession): HostedSession {
    const known = this.#hosted.get(session.id);
    if (known) return known;
    const { capacity } = this.#registry;
    const source = new SourceControl(session, this.#openSource, {
      now: this.#rule.now,
      admit: (wanted) => capacity.admit(wanted),
      remember: (source) => this.#records?.rememberSource(session.id, source),
    });
    const hosted = new HostedSession(session, source, this.#registry);
    this.#hosted.set(session.id, hosted);
    session.ending.addEventListener('abort', () => {
      this.#hosted.delete(session.id);
      source.end();
    });
    return hosted;
  }

  /** Connections that only read sessions. */
  get followers(): number {
    return [...this.#hosted.values()].reduce((sum, { followers }) => sum + followers, 0);
  }

  /** Ends every source that is being opened or watched; used when the server stops. */
  abandonSources(): void {
    clearInterval(this.#sweeping);
    for (const { source } of this.#hosted.values()) source.abandon();
  }

  #closeIdle(): void {
    const { idleMs, log } = this.#rule;
    for (const [id, { source }] of this.#hosted) {
      if (source.idleForMs < idleMs) continue;
      this.#registry.close(id, 'idle').catch((thrown: unknown) => {
        log('An idle session could not be closed', thrown);
      });
    }
  }
}

/** When to close a session although its client is still connected. */
interface IdleRule {
  /** How long a session may go without anything watched or said. */
  readonly idleMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** How often to look for idle sessions, in milliseconds. */
const sweep = { shareOfLimit: 0.1, least: 20, most: 15_000 };
