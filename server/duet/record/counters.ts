import type { SessionHappening } from './events.js';

/** What is counted over the life of a server, with descriptions for metrics. */
export const counterTable = {
  sessionsOpened: 'Sessions that were opened',
  sessionsClosed: 'Sessions that have ended',
  sessionsRefused: 'Sessions refused because all places were taken',
  sourcesAdmitted: 'Sources that were admitted to be watched in real time',
  sourcesRefused: 'Sources refused because watching them would have made others late',
  framesScored: 'Frames that the models have scored',
  framesDropped: 'Frames dropped because a model was too slow for its source',
  textsInserted: 'User texts inserted into conversations',
  repliesStarted: 'Replies begun',
  repliesFailed: 'Replies that ended in an error',
  repliesSuppressed: 'Replies that were not told, since they repeat earlier ones',
  contextsRenewed: 'Contexts that were full and were begun again',
  framesForgotten: 'Frames that left the windows of a memory',
  sourcesFailed: 'Sources that broke',
  sourcesStalled: 'Times that a live source gave no picture for too long',
  sourcesReconnecting: 'Attempts to connect again to sources that broke off',
} as const;

/** Name of a counter. */
export type CounterName = keyof typeof counterTable;

/** Counters that only grow, from the start of the server. Sessions count into the instance they are given. */
export class Counters {
  readonly #totals = new Map<CounterName, number>();

  add(name: CounterName, amount = 1): void {
    this.#totals.set(name, this.get(name) + amount);
  }

  get(name: CounterName): number {
    return this.#totals.get(name) ?? 0;
  }

  /** Counts what is recorded in a session. */
  count(happening: SessionHappening): void {
    const name = counterOf(happening);
    if (name !== null) this.add(name);
  }
}

function counterOf(happening: SessionHappening): CounterName | null {
  switch (happening.type) {
    case 'session.opened':
      return 'sessionsOpened';
    case 'session.closed':
      return 'sessionsClosed';
    case 'session.context.renewed':
      return 'contextsRenewed';
    case 'source.failed':
      return 'sourcesFailed';
    case 'source.stalled':
      return 'sourcesStalled';
    case 'source.reconnecting':
      return 'sourcesReconnecting';
    case 'frame.scored':
      return 'framesScored';
    case 'user.text.inserted':
      return 'textsInserted';
    case 'response.started':
      return 'repliesStarted';
    case 'response.done':
      return happening.status === 'failed' ? 'repliesFailed' : null;
    case 'response.suppressed':
      return 'repliesSuppressed';
    case 'session.updated':
    case 'session.context.evicted':
    case 'session.lagging':
    case 'source.opened':
    case 'source.ended':
    case 'source.clock.changed':
    case 'source.reopened':
    case 'response.text.delta':
      return null;
    default:
      return happening satisfies never;
  }
}
