import type { EventLog } from '../duet/record/event-log.js';
import type { SessionEvent } from '../duet/record/events.js';
import type { SeenPicture } from '../duet/watching/seen-pictures.js';
import type { DuetSession } from '../duet/session.js';
import { pictureShapeFor } from '../runtime/capabilities.js';
import { encodeJpeg } from '../video/pictures/encode-jpeg.js';
import type { NewMessage } from './message-queue.js';

/**
 * What a session says until the signal aborts, a message for each reply that was completed. The id is made of the session
 * and the event, so it is the same whoever makes it.
 */
export async function* messagesOf(session: Told, signal: AbortSignal): AsyncGenerator<NewMessage> {
  let source: string | null = null;
  let seen: SeenPicture | null = null;
  for await (const event of untilStopped(session.log, signal)) {
    if (event.type === 'source.opened') source = event.source;
    if (event.type === 'response.started') seen = session.pictures.newest;
    if (event.type !== 'response.done' || event.status !== 'completed' || event.text.trim() === '') continue;
    const { seq, questionId, videoTime, text, unsure = false } = event;
    const question = session.questions.find((standing) => standing.questionId === questionId)?.text ?? null;
    const data = {
      ...{ session_id: session.id, seq, question_id: questionId, question, source },
      ...{ video_time: videoTime, text: text.trim(), unsure, picture: await pictureOf(session, seen) },
    };
    const body = JSON.stringify({ type: 'duet.reply', timestamp: new Date().toISOString(), data });
    yield { id: `msg_${session.id}_${seq}`, lane: JSON.stringify([session.id, questionId]), body };
  }
}

/** What happens from now on; once the signal aborts, what has happened until then. */
async function* untilStopped(log: EventLog, signal: AbortSignal): AsyncGenerator<SessionEvent> {
  let after = log.lastSeq;
  for await (const event of log.read({ after, signal, counted: false })) {
    after = event.seq;
    yield event;
  }
  yield* log.history(after);
}

type Told = Pick<DuetSession, 'id' | 'log' | 'pictures' | 'questions' | 'model'>;

/** A picture above this many pixels a side or bytes is left out. */
const most = { side: 1024, bytes: 64 * 1024 };

async function pictureOf({ model }: Told, seen: SeenPicture | null): Promise<object | null> {
  if (seen === null || seen.picture.width > most.side) return null;
  const { fit } = pictureShapeFor(model.capabilities);
  const jpeg = await encodeJpeg(seen.picture, seen.shown, fit).catch(() => null);
  if (jpeg === null || jpeg.length > most.bytes) return null;
  const base64 = Buffer.from(jpeg).toString('base64');
  return { media_type: 'image/jpeg', video_time: seen.videoTime, base64 };
}
