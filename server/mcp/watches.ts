import type { SessionEvent } from '../duet/record/events.js';
import { DuetError } from '../errors.js';
import type { Footage } from '../settings/footage.js';
import type { HostedSession } from '../transport/sessions/hosted-session.js';
import type { SourceRequest } from '../transport/sessions/open-source.js';

/**
 * What a program watches through a server: a session for each source, until it is stopped or closed as idle.
 */
export class Watches {
  readonly #open: OpenSession;
  readonly #changed: (id: string) => void;
  readonly #watches = new Map<string, Watch>();

  /** `changed` hears the id of a watch in which something was said. */
  constructor(open: OpenSession, changed: (id: string) => void) {
    this.#open = open;
    this.#changed = changed;
  }

  /** The watches that are open, in the order in which they began. */
  list(): readonly Watch[] {
    return [...this.#watches.values()];
  }

  /** Throws 'not_found' naming those that there are. */
  get(id: string): Watch {
    const watch = this.#watches.get(id);
    if (watch !== undefined) return watch;
    const known = [...this.#watches.keys()].join(', ') || 'none';
    throw new DuetError('not_found', `There is no watch ${JSON.stringify(id)}; open are: ${known}`);
  }

  /** Opens a session and begins to watch; resolves when the first picture is there. Throws why it is not. */
  async start(request: WatchRequest): Promise<Watch> {
    const hosted = await this.#open(request.footage);
    const { session } = hosted;
    const watch: Watch = { id: session.id, hosted, source: request.name, state: 'opening', problem: null };
    this.#watches.set(watch.id, watch);
    session.ending.addEventListener('abort', () => this.#watches.delete(watch.id));
    void this.#follow(watch);
    try {
      if (request.question !== undefined) {
        await session.requireFits(request.question);
        hosted.source.addUserText(request.question, {});
      }
      const { source, pacing } = request;
      const playing = hosted.source.watch({ type: 'source.start', source, pacing });
      await Promise.race([playing, opened(watch)]);
      playing.catch((thrown: unknown) => {
        watch.problem = thrown instanceof Error ? thrown.message : String(thrown);
      });
      return watch;
    } catch (thrown) {
      await session.close('source_failed');
      throw thrown;
    }
  }

  /** Ends a watch and its session. */
  async stop(id: string): Promise<void> {
    await this.get(id).hosted.session.close('client_request');
  }

  async #follow(watch: Watch): Promise<void> {
    for await (const event of watch.hosted.session.log.read({ counted: false })) {
      const state = stateAfter(event);
      if (state !== null) watch.state = state;
      if (event.type === 'source.failed') watch.problem = event.message;
      if (event.type === 'response.done' || event.type === 'user.text.inserted') this.#changed(watch.id);
    }
  }
}

/** Opens a session of a server for such pictures. */
type OpenSession = (footage: Footage) => Promise<HostedSession>;

/** One source that is watched. */
export interface Watch {
  readonly id: string;
  readonly hosted: HostedSession;
  readonly source: string;
  state: 'opening' | 'playing' | 'ended' | 'failed';
  /** Why it failed. */
  problem: string | null;
}

/** What to watch. */
interface WatchRequest {
  readonly source: SourceRequest;
  readonly name: string;
  readonly footage: Footage;
  /** What to say at the beginning. */
  readonly question: string | undefined;
  readonly pacing: 'fast' | 'realtime';
}

function stateAfter({ type }: SessionEvent): Watch['state'] | null {
  if (type === 'source.opened') return 'playing';
  if (type === 'source.ended') return 'ended';
  return type === 'source.failed' ? 'failed' : null;
}

async function opened({ hosted }: Watch): Promise<void> {
  for await (const event of hosted.session.log.read({ counted: false })) {
    if (event.type === 'source.opened') return;
  }
}
