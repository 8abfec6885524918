import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import type { WireEvent } from '../../../server/protocol/session-events.js';
import { lengthText } from '../../common/clock-text.js';
import { reasonText } from './reason-text.js';
import type { FrameTrace, QuestionTurn, ReplyTurn, ShownTurn } from './view.js';

type Of<Type extends WireEvent['type']> = Extract<WireEvent, { type: Type }>;
type Turns = readonly ShownTurn[];

/** The conversation after a message; the same array if nothing changes. */
export function reduceTurns(turns: Turns, message: ServerMessage): Turns {
  if (isUntold(message)) return turns;
  switch (message.type) {
    case 'error':
      return refuse(turns, message.client_event_id, null);
    case 'user.text.refused':
      return refuseText(turns, message);
    case 'user.text.inserted':
      return insert(turns, message);
    case 'response.started':
      return [...turns, talking(turns, message)];
    case 'response.text.delta':
      return grow(turns, message);
    case 'response.done':
      return changeReply(turns, message.response_id, (reply) => finish(turns, reply, message));
    case 'response.suppressed':
      return [...turns, suppressed(message)];
    case 'source.opened':
      return [...turns, { ...note(message, openedText(message)), key: `${openedKey}${message.seq}` }];
    case 'source.reopened':
      return [...turns, note(message, `The pictures are back, after ${lengthText(message.gap_seconds)}`)];
    case 'source.ended':
      return [...turns, note(message, endedText(turns, message))];
    case 'text.seen':
      return [...turns, note(message, `In the picture: "${message.text}"`)];
    case 'session.context.renewed':
    case 'session.reopened':
    case 'session.record.failed':
      return [...turns, note(message, sessionNotes[message.type])];
    case 'session.context.evicted':
      return turns.some(({ key }) => key === forgettingKey) ? turns : [...turns, forgetting(message)];
    // A newer server may know events that this page does not.
    default:
      return turns;
  }
}

/** What is no part of the conversation. */
const untold = {
  ...{ 'session.opened': true, 'session.resumed': true, 'session.updated': true, 'session.closed': true },
  ...{ 'session.lagging': true, 'session.record.recovered': true, 'session.following': true },
  ...{ 'session.shared': true, 'session.unshared': true, 'frame.scored': true, pong: true },
  ...{ 'source.failed': true, 'source.clock.changed': true, 'source.stalled': true },
  ...{ 'source.reconnecting': true, 'question.added': true, 'question.removed': true },
  ...{ 'question.listed': true, 'source.resized': true, 'source.waiting': true, 'text.gone': true },
  ...{ 'session.spent': true, 'frame.unscored': true },
} as const satisfies Partial<Record<ServerMessage['type'], true>>;

function isUntold(message: ServerMessage): message is Extract<ServerMessage, { type: keyof typeof untold }> {
  return message.type in untold;
}

const sessionNotes = {
  'session.context.renewed': 'The memory of the model was full: it goes on with a fresh one',
  'session.reopened': 'The server was away: the session goes on, with a fresh memory',
  'session.record.failed': 'The server cannot save this conversation at the moment',
} as const;

/** The conversation with a text that the server has yet to insert. */
export function askTurn(turns: Turns, eventId: string, text: string): Turns {
  return [
    ...turns,
    question({ key: questionKey(eventId), text, videoTime: null, questionId: null, seq: null }),
  ];
}

/** The conversation after a frame was scored again: without a reply, a note tells the user why. */
export function noteUnanswered(turns: Turns, trace: FrameTrace): Turns {
  return trace.fired ? turns : [...turns, note(trace, `Read, without an answer. ${reasonText(trace)}`)];
}

/**
 * The conversation of a session that is gone: waiting questions were never read, and a reply in progress was
 * cut off.
 */
export function closeOpenTurns(turns: Turns): Turns {
  return turns.map((turn) => {
    if (turn.type === 'question' && turn.videoTime === null) return { ...turn, refused: true };
    return turn.type === 'reply' && turn.status === 'talking' ? { ...turn, status: 'cancelled' } : turn;
  });
}

/** Prefix of the keys of notes that a video has started. */
const openedKey = 'opened-';
const forgettingKey = 'forgetting';

/** Identifiers come from two sides and might be alike. */
function questionKey(eventId: string): string {
  return `question-${eventId}`;
}

function replyKey(responseId: string): string {
  return `reply-${responseId}`;
}

function question(fields: Omit<QuestionTurn, 'type' | 'refused' | 'refusal'>): QuestionTurn {
  return { type: 'question', ...fields, refused: false, refusal: null };
}

/**
 * A text of ours waits at the end of the conversation; once inserted, it takes its place among what was said.
 */
function insert(turns: Turns, event: Of<'user.text.inserted'>): Turns {
  if (isAskedAgain(turns, event)) return turns;
  const key = questionKey(event.client_event_id ?? String(event.seq));
  const others = turns.filter((turn) => turn.key !== key);
  const waiting = others.findIndex(
    (turn) => turn.type === 'question' && turn.videoTime === null && !turn.refused,
  );
  const place = waiting < 0 ? others.length : waiting;
  const { text, video_time: videoTime, question_id: questionId, seq } = event;
  const inserted = question({ key, text, videoTime, questionId, seq });
  return [...others.slice(0, place), inserted, ...others.slice(place)];
}

/** A question whose threshold has changed is told the model again. */
function isAskedAgain(turns: Turns, { question_id, text }: Of<'user.text.inserted'>): boolean {
  return turns.some(
    (turn) => turn.type === 'question' && turn.questionId === question_id && turn.text === text,
  );
}

function refuse(turns: Turns, eventId: string | null, refusal: string | null): Turns {
  const key = eventId === null ? null : questionKey(eventId);
  if (!turns.some((turn) => turn.key === key)) return turns;
  return turns.map((turn) =>
    turn.key === key && turn.type === 'question' ? { ...turn, refused: true, refusal } : turn,
  );
}

/**
 * A text that was accepted, and that the model did not take when its moment came; maybe not from this page.
 */
function refuseText(turns: Turns, event: Of<'user.text.refused'>): Turns {
  const { client_event_id: eventId, seq, text, message } = event;
  const key = eventId ?? String(seq);
  const isHere = turns.some((turn) => turn.key === questionKey(key));
  return refuse(isHere ? turns : askTurn(turns, key, text), key, message);
}

function talking(turns: Turns, event: Of<'response.started'>): ReplyTurn {
  return {
    answers: answeredText(turns, event.question_id),
    questionId: event.question_id,
    type: 'reply',
    key: replyKey(event.response_id),
    text: '',
    videoTime: event.video_time,
    frameIndex: event.frame_index,
    status: 'talking',
    cut: false,
    unsure: false,
  };
}

function suppressed({ response_id, text, video_time }: Of<'response.suppressed'>): ShownTurn {
  return { type: 'suppressed', key: replyKey(response_id), text, videoTime: video_time };
}

function grow(turns: Turns, { response_id, delta }: Of<'response.text.delta'>): Turns {
  return changeReply(turns, response_id, (reply) => ({ ...reply, text: reply.text + delta }));
}

function changeReply(turns: Turns, id: string, change: (reply: ReplyTurn) => ReplyTurn): Turns {
  const at = turns.findLastIndex((turn) => turn.key === replyKey(id));
  const reply = turns[at];
  return reply?.type === 'reply' ? turns.with(at, change(reply)) : turns;
}

/** Only at its end may the model say which question a reply answers. */
function finish(turns: Turns, reply: ReplyTurn, event: Of<'response.done'>): ReplyTurn {
  const { question_id: questionId, text, status, finish: end, unsure = false } = event;
  const answers = questionId === reply.questionId ? reply.answers : answeredText(turns, questionId);
  return { ...reply, answers, questionId, text, status, cut: end === 'length', unsure };
}

/** The text of a question, where there are several; else null. */
function answeredText(turns: Turns, questionId: string | null): string | null {
  const asked = turns.filter((turn) => turn.type === 'question' && turn.questionId !== null);
  const answered = asked.find((turn) => turn.type === 'question' && turn.questionId === questionId);
  return asked.length > 1 ? (answered?.text ?? null) : null;
}

function note(event: WireEvent, text: string): ShownTurn {
  return { type: 'note', key: `seq-${event.seq}`, text, videoTime: event.video_time };
}

/** Told once: from then on it goes on all the time. */
function forgetting(event: Of<'session.context.evicted'>): ShownTurn {
  const { held_frames: frames, held_bytes: bytes } = event;
  const memory = bytes === null ? '' : ` (${(bytes / 2 ** 20).toFixed(1)} MiB)`;
  const text = `From here on the model remembers only the newest frames, now ${frames}${memory}`;
  return { ...note(event, text), key: forgettingKey };
}

function openedText({ info, sampling_fps }: Of<'source.opened'>): string {
  const length = info.duration === null ? 'live' : lengthText(info.duration);
  // Of pushed pictures the size is not known yet.
  const size = info.width === 0 ? '' : ` ${info.width}×${info.height},`;
  return `The video starts: ${length},${size} ${sampling_fps} frames per second watched`;
}

function endedText(turns: Turns, event: Of<'source.ended'>): string {
  const start = turns.findLastIndex(({ key }) => key.startsWith(openedKey));
  const replies = turns.slice(start + 1).filter((turn) => turn.type === 'reply').length;
  const verb = event.reason === 'stopped' ? 'was stopped' : 'has ended';
  const dropped = event.dropped_frames === 0 ? '' : `, ${event.dropped_frames} dropped`;
  const complaint =
    event.warnings.length === 0 ? '' : ` (the decoder complained: ${event.warnings.join('; ')})`;
  return (
    `The video ${verb}: ${counted(event.frames, 'frame')} watched${dropped}, ` +
    `${counted(replies, 'reply', 'replies')}${complaint}`
  );
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
