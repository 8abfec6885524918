import type { SessionEvent } from '../duet/record/events.js';
import { isCompletedReply, messageOf } from './message-of.js';
import type { NewMessage } from './message-queue.js';

/** What was said in a session between two events, from its whole record; pictures are not in it. */
export async function* recordedMessages(
  sessionId: string,
  events: AsyncIterable<SessionEvent>,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): AsyncGenerator<NewMessage> {
  const questions = new Map<string, string>();
  let source: string | null = null;
  for await (const event of events) {
    if (event.type === 'source.opened') source = event.source;
    if (event.type === 'question.added' || event.type === 'user.text.inserted') {
      questions.set(event.questionId, event.text);
    }
    if (event.seq > upTo) return;
    if (event.seq <= after || !isCompletedReply(event)) continue;
    const question = questions.get(event.questionId ?? '') ?? null;
    yield messageOf(event, { sessionId, question, source, picture: null });
  }
}
