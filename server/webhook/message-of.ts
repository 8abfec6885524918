import type { SessionEvent } from '../duet/record/events.js';
import type { NewMessage } from './message-queue.js';

/**
 * The message that tells of a completed reply; its id is made of the session and the event, so it is the same
 * whoever makes it, and whenever.
 */
export function messageOf(reply: CompletedReply, about: AboutReply): NewMessage {
  const { seq, questionId, videoTime, text, unsure = false } = reply;
  const { sessionId, question, source, picture } = about;
  const data = {
    ...{ session_id: sessionId, seq, question_id: questionId, question, source },
    ...{ video_time: videoTime, text: text.trim(), unsure, picture },
  };
  const body = JSON.stringify({ type: 'duet.reply', timestamp: new Date().toISOString(), data });
  return { id: `msg_${sessionId}_${seq}`, lane: JSON.stringify([sessionId, questionId]), body };
}

/** Whether an event is a reply that is told. */
export function isCompletedReply(event: SessionEvent): event is CompletedReply {
  return event.type === 'response.done' && event.status === 'completed' && event.text.trim() !== '';
}

type CompletedReply = Extract<SessionEvent, { type: 'response.done' }>;

/** What is told besides. */
interface AboutReply {
  readonly sessionId: string;
  /** The text of the question; null where it is not known. */
  readonly question: string | null;
  readonly source: string | null;
  readonly picture: object | null;
}
