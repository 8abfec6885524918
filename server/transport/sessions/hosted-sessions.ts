import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import type { Log } from '../log.js';
import { HostedSession } from './hosted-session.js';
import type { OpenSource } from './open-source.js';
import { SourceControl } from './source-control.js';

/** All open sessions as clients use them. One in which nothing happens for long makes room for others. */
export class HostedSessions {
  readonly #registry: SessionRegistry;
  readonly #openSource: OpenSource;
  readonly #rule: IdleRule;
  readonly #hosted = new Map<string, HostedSession>();
  readonly #sweeping: ReturnType<typeof setInterval>;

  constructor(registry: SessionRegistry, openSource: OpenSource, rule: IdleRule) {
    this.#registry = registry;
    this.#openSource = openSource;
    this.#rule = rule;
    const everyMs = Math.min(sweep.most, Math.max(sweep.least, rule.idleMs * sweep.shareOfLimit));
    this.#sweeping = setInterval(() => {
      this.#closeIdle();
    }, everyMs);
    this.#sweeping.unref();
  }

  /** Where clients meet a session of the registry; made at the first call. */
  host(session: DuetSession): HostedSession {
    this.#forgetClosed();
    const known = this.#hosted.get(session.id);
    if (known) return known;
    const source = new SourceControl(session, this.#openSource, this.#rule.now);
    const hosted = new HostedSession(session, source, this.#registry);
    this.#hosted.set(session.id, hosted);
    return hosted;
  }

  /** Gives up every source that is being opened or watched; for the end of the server. */
  abandonSources(): void {
    clearInterval(this.#sweeping);
    for (const { source } of this.#hosted.values()) source.abandon();
  }

  #closeIdle(): void {
    const { idleMs, log } = this.#rule;
    for (const [id, { source }] of this.#hosted) {
      if (source.idleForMs < idleMs) continue;
      this.#hosted.delete(id);
      this.#registry.close(id, 'idle').catch((thrown: unknown) => {
        log('An idle session could not be closed', thrown);
      });
    }
  }

  #forgetClosed(): void {
    const open = new Set(this.#registry.list().map((session) => session.id));
    for (const [id, { source }] of this.#hosted) {
      if (open.has(id)) continue;
      source.abandon();
      this.#hosted.delete(id);
    }
  }
}

/** When a session is given up although its client is there. */
interface IdleRule {
  /** How long nothing may be watched and nothing said. */
  readonly idleMs: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * How often to look for idle sessions, in milliseconds: often enough for the limit and no more often than
 * useful.
 */
const sweep = { shareOfLimit: 0.1, least: 20, most: 15_000 };
