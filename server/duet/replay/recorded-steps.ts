import type { SessionEvent } from '../record/events.js';

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>;

/** What happened to a session, one thing after another, without what followed from it. */
export type RecordedStep =
  | { readonly type: 'opened'; readonly event: EventOf<'session.opened' | 'session.reopened'> }
  | { readonly type: 'source'; readonly event: EventOf<'source.opened'> }
  | { readonly type: 'source-end'; readonly event: EventOf<'source.ended' | 'source.failed'> }
  | { readonly type: 'text'; readonly event: EventOf<'user.text.inserted'> }
  | { readonly type: 'update'; readonly event: EventOf<'session.updated'> }
  | {
      readonly type: 'frame';
      readonly event: EventOf<'frame.scored'>;
      /**
       * What the model said after it, told or suppressed; none if it was not asked, or nothing is recorded.
       */
      readonly replies: readonly RecordedReply[];
    }
  | { readonly type: 'ask'; readonly event: EventOf<'question.added'> }
  | { readonly type: 'remove'; readonly event: EventOf<'question.removed'> };

/** A recorded reply. */
interface RecordedReply {
  /** The question that it answers; null if that cannot be told, or there is none. */
  readonly questionId: string | null;
  readonly text: string;
  readonly end: 'completed' | 'length' | 'cancelled';
  readonly tokens: number;
}

/** The steps of a record, in order. Reads one frame ahead at most. */
export async function* recordedSteps(
  events: AsyncIterable<SessionEvent>,
): AsyncGenerator<RecordedStep, void> {
  let waiting: WaitingFrame | null = null;
  const asked = new Set<string>();
  for await (const event of events) {
    const reply = replyOf(event);
    if (reply !== null) waiting?.replies.push(reply);
    if (event.type === 'question.added') asked.add(event.questionId);
    const step = stepOf(event, asked);
    if (step === null) continue;
    if (waiting !== null && isUnanswered(waiting) && step !== 'frame' && isAside(step)) {
      waiting.meanwhile.push(step);
      continue;
    }
    if (waiting !== null) yield* stepsOf(waiting);
    waiting = event.type === 'frame.scored' ? { event, replies: [], meanwhile: [] } : null;
    if (step !== 'frame') yield step;
  }
  if (waiting !== null) yield* stepsOf(waiting);
}

/** A frame of which it is not known yet what was said after it. */
interface WaitingFrame {
  readonly event: EventOf<'frame.scored'>;
  readonly replies: RecordedReply[];
  /** What happened while the replies were made, which changes what follows. */
  readonly meanwhile: RecordedStep[];
}

function stepsOf({ event, replies, meanwhile }: WaitingFrame): readonly RecordedStep[] {
  return [{ type: 'frame', event, replies }, ...meanwhile];
}

function isUnanswered({ event, replies }: WaitingFrame): boolean {
  const { fired, questions } = event;
  const firing = questions.filter((question) => question.fired).length;
  return replies.length < Math.max(firing, Number(fired));
}

/** Whether a step leaves the frame alone that was scored before it. */
function isAside({ type }: RecordedStep): boolean {
  return type === 'update' || type === 'ask' || type === 'remove';
}

/** A frame waits until it is known what was said after it; null for what follows from other things. */
function stepOf(event: SessionEvent, asked: ReadonlySet<string>): RecordedStep | 'frame' | null {
  const { type } = event;
  if (type === 'frame.scored') return 'frame';
  if (type === 'session.opened' || type === 'session.reopened') return { type: 'opened', event };
  if (type === 'session.updated') return { type: 'update', event };
  if (type === 'source.opened') return { type: 'source', event };
  if (type === 'source.ended' || type === 'source.failed') return { type: 'source-end', event };
  if (type === 'question.added') return { type: 'ask', event };
  if (type === 'question.removed') return isAskedFor(event, asked) ? { type: 'remove', event } : null;
  // A question is heard by itself once it was added.
  return type === 'user.text.inserted' && !asked.has(event.questionId) ? { type: 'text', event } : null;
}

/** Whether a client has removed it; a user text that gives way to newer ones does so again by itself. */
function isAskedFor(
  { questionId, clientEventId }: EventOf<'question.removed'>,
  asked: ReadonlySet<string>,
): boolean {
  return clientEventId !== null || asked.has(questionId);
}

function replyOf(event: SessionEvent): RecordedReply | null {
  if (event.type === 'response.suppressed') {
    return { questionId: event.questionId, text: event.text, end: 'completed', tokens: event.tokens };
  }
  if (event.type !== 'response.done') return null;
  const { questionId, text, tokens, status, finish } = event;
  const end = status !== 'completed' ? 'cancelled' : finish === 'length' ? 'length' : 'completed';
  return { questionId, text, end, tokens };
}
