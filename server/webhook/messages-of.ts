import type { EventLog } from '../duet/record/event-log.js';
import type { SessionEvent } from '../duet/record/events.js';
import type { SeenPicture } from '../duet/watching/seen-pictures.js';
import type { DuetSession } from '../duet/session.js';
import { pictureShapeFor } from '../runtime/capabilities.js';
import { encodeJpeg } from '../video/pictures/encode-jpeg.js';
import { isCompletedReply, messageOf } from './message-of.js';
import type { NewMessage } from './message-queue.js';

/**
 * What a session says after an event, until the signal aborts: a message for each reply that was completed,
 * and the number of its event.
 */
export async function* messagesOf(
  session: Told,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<ToldReply> {
  let source: string | null = null;
  let seen: SeenPicture | null = null;
  for await (const event of untilStopped(session.log, after, signal)) {
    if (event.type === 'source.opened') source = event.source;
    if (event.type === 'response.started') seen = session.pictures.newest;
    if (!isCompletedReply(event)) continue;
    const { seq, questionId } = event;
    const question = session.questions.find((standing) => standing.questionId === questionId)?.text ?? null;
    const picture = await pictureOf(session, isOf(event, seen) ? seen : null);
    yield { message: messageOf(event, { sessionId: session.id, question, source, picture }), seq };
  }
}

/** What happens after an event; once the signal aborts, what has happened until then. */
async function* untilStopped(
  log: EventLog,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<SessionEvent> {
  let read = after;
  for await (const event of log.read({ after, signal, counted: false })) {
    read = event.seq;
    yield event;
  }
  yield* log.history(read);
}

/** A message, and the number of the event of which it tells. */
interface ToldReply {
  readonly message: NewMessage;
  readonly seq: number;
}

type Told = Pick<DuetSession, 'id' | 'log' | 'pictures' | 'questions' | 'model'>;

/** A message that had to wait comes without a picture of another moment. */
function isOf({ videoTime }: SessionEvent, seen: SeenPicture | null): boolean {
  return seen !== null && Math.abs(seen.videoTime - videoTime) <= mostApart;
}

/** Seconds of video between a reply and its picture. */
const mostApart = 10;

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
