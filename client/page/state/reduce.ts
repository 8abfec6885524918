import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import type { WireEvent } from '../../../server/protocol/session-events.js';
import type { Action, LocalAction } from './actions.js';
import { problemOf, problemOfEnd, serverBack, serverStopped } from './problem.js';
import { appendedFrame, withFrame, type AppendFrame } from './reduce-frames.js';
import { askTurn, reduceTurns, closeOpenTurns } from './reduce-turns.js';
import {
  awaitedSender,
  emptiedView,
  emptyView,
  turnLimit,
  type DuetView,
  type Lag,
  type WatchedSource,
  type Phase,
  type Problem,
} from './view.js';

/** The view after an action; the same object where nothing changes. */
export function reduce(view: DuetView, action: Action): DuetView {
  return reduceWith(view, action, appendedFrame);
}

/** The same, with another way of keeping the frames. */
export function reduceWith(view: DuetView, action: Action, append: AppendFrame): DuetView {
  if (isLocal(action)) return reduceLocal(view, action);
  const next = action.type === 'frame.scored' ? withFrame(view, action, append) : reduceMessage(view, action);
  const turns = reduceTurns(next.turns, action);
  if (turns.length > turnLimit) return { ...next, turns: turns.slice(-turnLimit) };
  return turns === next.turns ? next : { ...next, turns };
}

/** Whether the page itself did it, rather than the server. */
export function isLocal(action: Action): action is LocalAction {
  return action.type.startsWith('local.');
}

function reduceLocal(view: DuetView, action: LocalAction): DuetView {
  switch (action.type) {
    case 'local.models':
      return { ...view, models: action.models };
    case 'local.model':
      return { ...view, wantedModel: action.name };
    case 'local.choose':
    case 'local.prepare':
      return prepared(view, action.type === 'local.choose' ? action : view);
    case 'local.moved':
      return view.video === null ? view : { ...view, video: { ...view.video, source: action.source } };
    case 'local.again':
      return { ...view, phase: 'preparing', problem: null, selection: emptyView.selection };
    case 'local.start':
      return { ...view, phase: 'starting', problem: null, waiting: null, asks: null };
    case 'local.pause':
    case 'local.unpause':
      return withPause(view, action.type === 'local.pause');
    case 'local.settings':
      return view.settings === null ? view : { ...view, settings: { ...view.settings, ...action.patch } };
    case 'local.connection':
      return { ...view, connection: action.state };
    case 'local.problem':
      return { ...view, problem: action.problem, phase: phaseAfterProblem(view.phase) };
    case 'local.lost':
      return lost(view, action.problem);
    case 'local.dismiss':
      return { ...view, problem: null };
    case 'local.try':
    case 'local.filter':
    case 'local.suppressed':
    case 'local.pick':
    case 'local.point':
      return withLook(view, action);
    case 'local.leave':
      return { ...emptiedView(view), settings: view.settings };
    case 'local.say':
      return { ...view, turns: askTurn(view.turns, action.eventId, action.text) };
  }
}

function withPause(view: DuetView, paused: boolean): DuetView {
  if (view.phase !== (paused ? 'running' : 'paused')) return view;
  return { ...view, phase: paused ? 'paused' : 'running' };
}

function prepared(view: DuetView, { video, asks }: Pick<DuetView, 'video' | 'asks'>): DuetView {
  return { ...emptiedView(view), phase: 'preparing', settings: view.settings, video, asks };
}

/** What the person looks at. */
function withLook(
  view: DuetView,
  action: Extract<LocalAction, { type: `local.${'try' | 'filter' | 'suppressed' | 'pick' | 'point'}` }>,
): DuetView {
  if (action.type === 'local.try') return { ...view, triedOut: action.settings };
  if (action.type === 'local.filter') return { ...view, filter: action.questionId };
  if (action.type === 'local.suppressed') return { ...view, showsSuppressed: action.shown };
  if (action.type === 'local.pick') return withPicked(view, action.videoTime);
  return withFramePointedAt(view, action.frame, action.aloud);
}

function withPicked(view: DuetView, videoTime: number): DuetView {
  return { ...view, selection: { ...view.selection, picked: { videoTime }, highlighted: videoTime } };
}

function withFramePointedAt(view: DuetView, frame: number | null, aloud: boolean): DuetView {
  const { selection, frames } = view;
  if (!aloud && frame === selection.frame && !selection.aloud) return view;
  const videoTime = frame === null ? null : (frames[frame]?.video_time ?? null);
  const highlighted = aloud ? videoTime : selection.highlighted;
  return { ...view, selection: { ...selection, frame, aloud, highlighted } };
}

/** What waited for the session will not be read any more. */
function lost(view: DuetView, problem: Problem): DuetView {
  const phase = phaseAfterProblem(view.phase);
  return { ...view, problem, phase, outage: null, turns: closeOpenTurns(view.turns) };
}

function phaseAfterProblem(phase: Phase): Phase {
  return phase === 'idle' || phase === 'ended' ? phase : 'failed';
}

function reduceMessage(
  view: DuetView,
  message: Exclude<Action, LocalAction | { type: 'frame.scored' }>,
): DuetView {
  if (isOnlyTold(message)) return view;
  if (isOfSource(message)) return reduceSource(view, message);
  switch (message.type) {
    case 'session.opened':
      return withSession(view, message);
    case 'session.reopened':
      return withReopening(view, message);
    case 'session.resumed':
    case 'session.updated':
      return { ...view, settings: message.settings };
    case 'session.spent':
      return { ...view, spent: message };
    case 'session.lagging':
      return { ...view, lag: lagOf(message) };
    case 'frame.unscored':
      return message.message === null ? view : { ...view, undecided: message.message };
    case 'session.closed':
      return lost(view, view.problem ?? problemOfEnd(message.reason));
    case 'question.added':
    case 'user.text.inserted':
    case 'question.removed':
      return withQuestions(view, message);
    case 'error':
      return withError(view, message);
    // A newer server may know events that this page does not.
    default:
      return view;
  }
}

type SourceMessage = Exclude<
  Extract<ServerMessage, { type: `source.${string}` }>,
  { type: keyof typeof onlyTold }
>;

function isOfSource(message: ServerMessage): message is SourceMessage {
  return message.type.startsWith('source.');
}

function reduceSource(view: DuetView, message: SourceMessage): DuetView {
  switch (message.type) {
    case 'source.waiting':
      return { ...view, phase: 'starting', waiting: message };
    case 'source.opened':
      return withSource(view, message);
    case 'source.stalled':
    case 'source.reconnecting':
      return { ...view, outage: message };
    case 'source.reopened':
      return { ...view, outage: null };
    case 'source.ended':
      return withEnd(view, message);
    case 'source.failed':
      return withFailure(view, message);
    // A newer server may know events that this page does not.
    default:
      return view;
  }
}

/** What changes the conversation at most, see {@link reduceTurns}. */
const onlyTold = {
  ...{ 'response.started': true, 'response.text.delta': true, 'question.listed': true },
  ...{ 'response.done': true, 'response.suppressed': true, 'session.context.renewed': true },
  ...{
    'user.text.refused': true,
    'session.context.evicted': true,
    'session.record.failed': true,
    'session.record.recovered': true,
  },
  ...{ 'session.shared': true, 'session.unshared': true, 'session.following': true },
  ...{ 'source.clock.changed': true, 'source.resized': true, pong: true },
  ...{ 'text.seen': true, 'text.gone': true },
} as const satisfies Partial<Record<ServerMessage['type'], true>>;

function isOnlyTold(
  message: ServerMessage,
): message is Extract<ServerMessage, { type: keyof typeof onlyTold }> {
  return message.type in onlyTold;
}

/** A session begins with nothing of the one before. */
function withSession(
  view: DuetView,
  { session_id: sessionId, model, settings }: Extract<WireEvent, { type: 'session.opened' }>,
): DuetView {
  const { connection, video, asks } = view;
  return { ...emptiedView(view), connection, video, asks, phase: 'ready', sessionId, model, settings };
}

/**
 * A video that was playing goes on by itself, and one that had not begun may be started. Of one that is over
 * the new context has seen nothing: what was asked meanwhile waits in vain.
 */
function withReopening(
  view: DuetView,
  { settings, source }: Extract<WireEvent, { type: 'session.reopened' }>,
): DuetView {
  if (source !== null) return { ...view, settings, phase: 'starting', problem: null };
  const wasAwaited = view.problem === serverStopped;
  const problem = wasAwaited ? (view.isStopped ? serverBack : null) : view.problem;
  const isReady = view.phase === 'starting' || (wasAwaited && view.source === null);
  if (isReady) return { ...view, settings, problem, phase: 'ready' };
  const isOver = view.phase === 'ended' || view.phase === 'failed';
  return isOver
    ? { ...view, settings, problem, turns: closeOpenTurns(view.turns), isForgotten: true }
    : { ...view, settings };
}

function withSource(view: DuetView, source: WatchedSource): DuetView {
  return {
    ...view,
    phase: view.goesOnPaused ? 'paused' : 'running',
    goesOnPaused: false,
    isStopped: false,
    source,
    waiting: null,
    lag: null,
    outage: null,
    problem: null,
  };
}

function withEnd(view: DuetView, message: Extract<WireEvent, { type: 'source.ended' }>): DuetView {
  const isStopped = message.reason === 'stopped';
  return { ...view, phase: 'ended', lag: endLag(message), outage: null, isStopped };
}

function withFailure(view: DuetView, message: Extract<WireEvent, { type: 'source.failed' }>): DuetView {
  const goesOnPaused = view.phase === 'paused';
  return { ...view, phase: 'failed', problem: problemOf(message), outage: null, goesOnPaused };
}

function withError(view: DuetView, message: Parameters<typeof problemOf>[0]): DuetView {
  const fatal = view.phase === 'preparing' || view.phase === 'starting';
  const phase = fatal ? 'failed' : view.phase;
  const noneCame = awaitedSender(view) !== null && message.code === 'source_failed';
  const problem = { ...problemOf(message), ...(noneCame && { what: 'No stream came' }) };
  return { ...view, problem, phase, outage: fatal ? null : view.outage };
}

function withQuestions(
  view: DuetView,
  event: Extract<WireEvent, { type: 'question.added' | 'question.removed' | 'user.text.inserted' }>,
): DuetView {
  const { questions, filter } = view;
  const { question_id: id } = event;
  if (event.type === 'question.removed') {
    const others = questions.filter((each) => each.id !== id);
    return { ...view, questions: others, filter: filter === id ? null : filter };
  }
  if (questions.some((each) => each.id === id)) return view;
  const isAdded = event.type === 'question.added';
  const threshold = isAdded ? event.threshold : null;
  return { ...view, questions: [...questions, { id, text: event.text, isAdded, threshold }] };
}

function lagOf(message: Extract<WireEvent, { type: 'session.lagging' }>): Lag {
  return {
    queuedFrames: message.queued_frames,
    droppedFrames: message.dropped_frames,
    behindSeconds: message.behind_seconds,
    videoTime: message.video_time,
  };
}

function endLag(message: Extract<WireEvent, { type: 'source.ended' }>): Lag {
  return {
    queuedFrames: 0,
    droppedFrames: message.dropped_frames,
    behindSeconds: 0,
    videoTime: message.video_time,
  };
}
