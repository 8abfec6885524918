import type { SessionSettings } from '../../settings/session-settings.js';
import type { RecordedState } from './recorded-state.js';
import type { SessionState } from './session-state.js';

/** How a recorded session goes on. */
export interface Reopening {
  /** What its record says, moved to where it goes on. */
  readonly recorded: RecordedState;
  /** Milliseconds from its last recorded event until now. */
  readonly awayMs: number;
  /** Events that were seen by a client but are not recorded. */
  readonly lostEvents: number;
  /** Name of the source that will be opened again; null for none. */
  readonly source: string | null;
}

/**
 * Goes on with a recorded session: ends what was under way when it stopped, tells the new context the user
 * texts again, and records all of that. Throws what the model throws.
 */
export async function recordReopening(parts: ReopeningParts): Promise<void> {
  const { state, recorded, awayMs, lostEvents, model, severalQuestions, settings, source } = parts;
  recordUnfinished(state, recorded);
  const keptTexts = await parts.conversation.tellAgain(recorded);
  const losses = { endedBy: recorded.closed, awayMs, keptTexts, lostEvents };
  state.record({ type: 'session.reopened', model, severalQuestions, settings, ...losses, source });
}

interface ReopeningParts extends Reopening {
  readonly state: SessionState;
  /**
   * Resolves with how many texts and questions the new contexts took; another model may lack room for some.
   */
  readonly conversation: { tellAgain(recorded: RecordedState): Promise<number> };
  readonly model: string;
  readonly severalQuestions: boolean;
  readonly settings: SessionSettings;
}

function recordUnfinished(state: SessionState, { reply, source }: RecordedState): void {
  if (reply !== null) {
    const { responseId, questionId, text, startedMs } = reply;
    const timing = { firedMs: startedMs, firstTokenMs: null, finishedMs: state.log.elapsedMs() };
    const ending = { status: 'failed', finish: null, text, tokens: 0, kept: false, timing } as const;
    state.record({ type: 'response.done', responseId, questionId, ...ending }, reply.videoTime);
  }
  if (source === null) return;
  const message = `The server stopped while ${source} was playing`;
  state.record({ type: 'source.failed', code: 'source_failed', message, retryable: true });
}
