import type { SessionEvent } from './events.js';

/**
 * What a session's record says about the session after one more event. Pure; event types it does not know
 * only move its place.
 */
export function recordedAfter(state: RecordedState, event: SessionEvent): RecordedState {
  const { seq, videoTime, elapsedMs } = event;
  return { ...state, lastSeq: seq, videoTime, elapsedMs, ...changeOf(state, event) };
}

/** What must be known of a recorded session to list it and to open it again. */
export interface RecordedState {
  /** The number of the newest event; 0 before the first. */
  readonly lastSeq: number;
  /** Milliseconds from the opening of the session to that event. */
  readonly elapsedMs: number;
  /** Media time of that event, in seconds. */
  readonly videoTime: number;
  /** Name of the model; empty before the first event. */
  readonly model: string;
  /** Whether it takes several questions in one context; false if the record does not say. */
  readonly severalQuestions: boolean;
  /** As recorded, maybe by another version of Duet. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly frames: number;
  /** Replies begun. */
  readonly replies: number;
  /** Replies of which nothing was told, since they repeat earlier ones. */
  readonly suppressed: number;
  /** The newest user texts that stand, oldest first. */
  readonly texts: readonly RecordedText[];
  /** The questions that were added and stand, oldest first. */
  readonly questions: readonly RecordedQuestion[];
  /** Name of the source that is playing; null if none is. */
  readonly source: string | null;
  /** Name of the source that was opened last; null if none was. */
  readonly watched: string | null;
  /** The reply that has begun and not ended. */
  readonly reply: UnfinishedReply | null;
  /** Why the session was closed; null if it was not. */
  readonly closed: string | null;
}

/** A user text, by its id as a question. */
interface RecordedText {
  readonly questionId: string;
  readonly text: string;
}

/** A question that was added. */
interface RecordedQuestion extends RecordedText {
  readonly threshold: number | null;
}

/** A reply whose end is not recorded. */
interface UnfinishedReply {
  readonly responseId: string;
  readonly questionId: string | null;
  /** The number of its first event. */
  readonly seq: number;
  readonly videoTime: number;
  readonly startedMs: number;
  readonly text: string;
}

/** The state before the first event. */
export const nothingRecorded: RecordedState = {
  ...{
    lastSeq: 0,
    elapsedMs: 0,
    videoTime: 0,
    model: '',
    severalQuestions: false,
    settings: {},
    frames: 0,
    replies: 0,
    suppressed: 0,
  },
  ...{ texts: [], questions: [], source: null, watched: null, reply: null, closed: null },
};

/** How many user texts are told again to a session that is opened again. */
const keptTexts = 8;

/** Asks for the types it knows, so that events to come need no change here. */
function changeOf(state: RecordedState, event: SessionEvent): Partial<RecordedState> {
  const { type } = event;
  if (type === 'frame.scored') return { frames: state.frames + 1 };
  if (type === 'user.text.inserted' || type === 'question.added' || type === 'question.removed') {
    return questionChange(state, event);
  }
  if (type === 'response.started' || type === 'response.text.delta' || type === 'response.done') {
    return replyChange(state, event);
  }
  if (type === 'response.suppressed') return { suppressed: state.suppressed + 1 };
  if (type === 'source.opened') return { source: event.source, watched: event.source };
  if (type === 'source.ended' || type === 'source.failed') return { source: null };
  if (type === 'session.updated') return { settings: { ...state.settings, ...event.settings } };
  if (type === 'session.closed') return { closed: event.reason };
  if (type === 'session.opened' || type === 'session.reopened') {
    const { model, severalQuestions, settings } = event;
    return { model, severalQuestions, settings: { ...settings }, closed: null };
  }
  return {};
}

type QuestionEvent = Extract<
  SessionEvent,
  { type: 'user.text.inserted' | `question.${'added' | 'removed'}` }
>;

function questionChange(state: RecordedState, event: QuestionEvent): Partial<RecordedState> {
  const { type, questionId } = event;
  const others = <Text extends RecordedText>(texts: readonly Text[]): readonly Text[] =>
    texts.filter((each) => each.questionId !== questionId);
  if (type === 'question.removed') return { texts: others(state.texts), questions: others(state.questions) };
  const { text } = event;
  if (type === 'question.added') {
    return { questions: [...state.questions, { questionId, text, threshold: event.threshold }] };
  }
  const isAdded = state.questions.some((each) => each.questionId === questionId);
  return isAdded ? {} : { texts: [...state.texts, { questionId, text }].slice(-keptTexts) };
}

type ResponseEvent = Extract<SessionEvent, { type: `response.${'started' | 'text.delta' | 'done'}` }>;

function replyChange(state: RecordedState, event: ResponseEvent): Partial<RecordedState> {
  if (event.type === 'response.done') return { reply: null };
  if (event.type === 'response.text.delta') {
    return state.reply === null ? {} : { reply: { ...state.reply, text: state.reply.text + event.delta } };
  }
  const { responseId, questionId, seq, videoTime, elapsedMs: startedMs } = event;
  return {
    replies: state.replies + 1,
    reply: { responseId, questionId, seq, videoTime, startedMs, text: '' },
  };
}
