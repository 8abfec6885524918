import type { SessionEvent } from '../duet/record/events.js';
import type { Watch } from './watches.js';

/** The first thing that is said about a question; or why nothing was. */
export async function waitForReply(
  { hosted: { session }, state }: Watch,
  { questionId, after, timeoutMs, onProgress }: WaitOptions,
  signal: AbortSignal,
): Promise<Told> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let isOver = state === 'ended' || state === 'failed';
  for await (const event of session.log.read({ after, signal: limit })) {
    if (event.type === 'frame.scored') onProgress?.(event.videoTime);
    if (isReply(event, questionId))
      return { type: 'told', videoTime: event.videoTime, text: event.text.trim() };
    if (event.type === 'source.ended' || event.type === 'source.failed') isOver = true;
    // What was asked while nothing plays is answered at once, or not at all.
    if (isOver && event.type === 'frame.scored' && !event.fired) return { type: 'ended' };
    if (event.type === 'source.ended' || event.type === 'source.failed') return { type: 'ended' };
  }
  return { type: limit.aborted ? 'timeout' : 'ended' };
}

/** `ended`: the source, or the session, before anything was said. */
export type Told =
  | { readonly type: 'told'; readonly videoTime: number; readonly text: string }
  | { readonly type: 'timeout' }
  | { readonly type: 'ended' };

interface WaitOptions {
  /** Null for a reply to anything. */
  readonly questionId: string | null;
  /** The event after which it counts. */
  readonly after: number;
  readonly timeoutMs: number;
  readonly onProgress?: (videoTime: number) => void;
}

function isReply(
  event: SessionEvent,
  questionId: string | null,
): event is Extract<SessionEvent, { type: 'response.done' }> {
  if (event.type !== 'response.done' || event.status !== 'completed' || event.text.trim() === '')
    return false;
  // A model that cannot tell to which question it replies names none.
  return questionId === null || event.questionId === null || event.questionId === questionId;
}
