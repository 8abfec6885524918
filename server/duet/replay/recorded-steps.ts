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
      /** What the model said after it, told or suppressed; null if it was not asked, or nothing is recorded. */
      readonly reply: RecordedReply | null;
    };

/** A recorded reply. */
interface RecordedReply {
  readonly text: string;
  readonly end: 'completed' | 'length' | 'cancelled';
  readonly tokens: number;
}

/** The steps of a record, in order. Reads one frame ahead at most. */
export async function* recordedSteps(
  events: AsyncIterable<SessionEvent>,
): AsyncGenerator<RecordedStep, void> {
  let frame: EventOf<'frame.scored'> | null = null;
  let reply: RecordedReply | null = null;
  for await (const event of events) {
    reply = replyOf(event) ?? reply;
    const step = stepOf(event);
    if (step === null) continue;
    if (frame !== null) yield { type: 'frame', event: frame, reply };
    [frame, reply] = [null, null];
    if (step === 'frame') frame = event.type === 'frame.scored' ? event : null;
    else yield step;
  }
  if (frame !== null) yield { type: 'frame', event: frame, reply };
}

/** A frame waits until it is known what was said after it; null for what follows from other things. */
function stepOf(event: SessionEvent): RecordedStep | 'frame' | null {
  const { type } = event;
  if (type === 'frame.scored') return 'frame';
  if (type === 'session.opened' || type === 'session.reopened') return { type: 'opened', event };
  if (type === 'session.updated') return { type: 'update', event };
  if (type === 'source.opened') return { type: 'source', event };
  if (type === 'source.ended' || type === 'source.failed') return { type: 'source-end', event };
  return type === 'user.text.inserted' ? { type: 'text', event } : null;
}

function replyOf(event: SessionEvent): RecordedReply | null {
  if (event.type === 'response.suppressed') {
    return { text: event.text, end: 'completed', tokens: event.tokens };
  }
  if (event.type !== 'response.done') return null;
  const { text, tokens, status, finish } = event;
  const end = status !== 'completed' ? 'cancelled' : finish === 'length' ? 'length' : 'completed';
  return { text, end, tokens };
}
