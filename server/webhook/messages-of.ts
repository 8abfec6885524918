import type { EventLog } from '../duet/record/event-log.js';
import type { SessionEvent } from '../duet/record/events.js';
import { previewOf } from '../duet/watching/preview.js';
import type { DuetSession } from '../duet/session.js';
import { pictureShapeFor } from '../runtime/capabilities.js';
import { fittingJpeg } from './fitting-jpeg.js';
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
  let looked: Looked | null = null;
  for await (const event of untilStopped(session.log, after, signal)) {
    if (event.type === 'source.opened') source = event.source;
    if (event.type === 'response.started') looked = lookAt(session);
    if (!isCompletedReply(event)) continue;
    const { seq, questionId } = event;
    const question = session.questions.find((standing) => standing.questionId === questionId)?.text ?? null;
    const picture = looked !== null && isOf(event, looked) ? await pictureOf(looked) : null;
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
function isOf({ videoTime }: SessionEvent, looked: Looked): boolean {
  return Math.abs(looked.videoTime - videoTime) <= mostApart;
}

/** Seconds of video between a reply and its picture. */
const mostApart = 10;

/** Largest picture of a message in bytes, of which base64 makes a third more. */
const mostBytes = 64 * 1024;

/** A picture that may be told: a larger one would be gone when a long reply is done. */
interface Looked {
  readonly videoTime: number;
  readonly jpeg: Promise<Uint8Array | null>;
}

function lookAt({ pictures, model }: Told): Looked | null {
  const seen = pictures.forViewers;
  if (seen === null) return null;
  const { fit } = pictureShapeFor(model.capabilities);
  return { videoTime: seen.videoTime, jpeg: previewOf(seen, fit).catch(() => null) };
}

async function pictureOf({ videoTime, jpeg }: Looked): Promise<object | null> {
  const whole = await jpeg;
  const told = whole === null ? null : await fittingJpeg(whole, mostBytes).catch(() => null);
  if (told === null) return null;
  return { media_type: 'image/jpeg', video_time: videoTime, base64: Buffer.from(told).toString('base64') };
}
