import type { SessionHappening } from './events.js';

/** What is counted over the life of a server, with descriptions for metrics. */
export const counterTable = {
  sessionsOpened: 'Sessions that were opened',
  sessionsClosed: 'Sessions that have ended',
  sessionsRefused: 'Sessions refused because all places were taken',
  sourcesAdmitted: 'Sources that were admitted to be watched in real time',
  sourcesRefused: 'Sources refused because watching them would have made others late',
  questionsRefused: 'Questions refused because watching for them would have made others late',
  framesScored: 'Frames that the models have scored',
  framesUnscored: 'Frames about which no model decided',
  framesDropped: 'Frames dropped because a model was too slow for its source',
  textsInserted: 'User texts inserted into conversations',
  textsRefused: 'User texts that a model did not take when their moment came',
  repliesStarted: 'Replies begun',
  repliesFailed: 'Replies that ended in an error',
  repliesSuppressed: 'Replies that were not told, since they repeat earlier ones',
  contextsRenewed: 'Contexts that were full and were begun again',
  framesForgotten: 'Frames that left the windows of a memory',
  sourcesFailed: 'Sources that broke',
  sourcesStalled: 'Times that a live source gave no picture for too long',
  sourcesReconnecting: 'Attempts to connect again to sources that broke off',
  sessionsReopened: 'Sessions that went on from their record',
  recordsFailed: 'Times that the record of a session could not be written to disk',
  eventsUnrecorded: 'Events that are missing from the records on disk',
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
    if (happening.type === 'session.record.recovered') this.add('eventsUnrecorded', happening.missedEvents);
  }
}

/** Which counter the events of a type count into; the others are not counted. */
const counterOfType: { readonly [Type in SessionHappening['type']]?: CounterName } = {
  'session.opened': 'sessionsOpened',
  'session.reopened': 'sessionsReopened',
  'session.closed': 'sessionsClosed',
  'session.context.renewed': 'contextsRenewed',
  'session.record.failed': 'recordsFailed',
  'source.failed': 'sourcesFailed',
  'source.stalled': 'sourcesStalled',
  'source.reconnecting': 'sourcesReconnecting',
  'frame.scored': 'framesScored',
  'frame.unscored': 'framesUnscored',
  'user.text.inserted': 'textsInserted',
  'user.text.refused': 'textsRefused',
  'response.started': 'repliesStarted',
  'response.suppressed': 'repliesSuppressed',
};

function counterOf(happening: SessionHappening): CounterName | null {
  if (happening.type === 'response.done') return happening.status === 'failed' ? 'repliesFailed' : null;
  return counterOfType[happening.type] ?? null;
}
