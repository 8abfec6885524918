import type { WireSource } from '../../../server/protocol/client-messages.js';
import type { ServerMessage } from '../../../server/protocol/server-messages.js';
import type { WireEvent } from '../../../server/protocol/session-events.js';
import type { Footage } from '../../../server/settings/footage.js';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import type { ConnectionState } from '../../sdk/options.js';

/** Everything the page shows of one session. */
export interface DuetView {
  readonly phase: Phase;
  readonly connection: ConnectionState | { readonly type: 'idle' };
  /** What the user has chosen to watch. */
  readonly video: ChosenVideo | null;
  /** What will be asked as soon as the person starts the video, as a link wants it; null for nothing. */
  readonly asks: string | null;
  /** The key to the session on the server; null before it is opened. */
  readonly sessionId: string | null;
  readonly model: string | null;
  /** The models of the server, its default first; empty until it has told them. */
  readonly models: readonly ShownModel[];
  /** The model that the person wants whatever is watched; null for the one that suits the video. */
  readonly wantedModel: string | null;
  readonly settings: WireLiveSettings | null;
  /** What the session has cost at a model behind an API; null until the server tells. */
  readonly spent: SpentSoFar | null;
  /** Why a model behind an API does not decide at the moment, in the server's words; null while it does. */
  readonly undecided: string | null;
  /** Settings that are tried out on what was scored, and not in force; null for none. */
  readonly triedOut: WireLiveSettings | null;
  readonly source: WatchedSource | null;
  /** Where a sender is to push while the video is `starting`; null where none is awaited. */
  readonly waiting: AwaitedSender | null;
  /** The newest turns, at most {@link turnLimit}. */
  readonly turns: readonly ShownTurn[];
  /** The questions that stand, oldest first. */
  readonly questions: readonly ShownQuestion[];
  /** The question whose turns alone are shown; null for all. */
  readonly filter: string | null;
  /** Whether suppressed replies are shown and saved. */
  readonly showsSuppressed: boolean;
  /** The newest frames, at most {@link frameLimit}. */
  readonly frames: readonly FrameTrace[];
  /** All frames scored since the video started. */
  readonly frameCount: number;
  readonly lag: Lag | null;
  /** Why no pictures come from a live video; null while they do. */
  readonly outage: Outage | null;
  readonly problem: Problem | null;
  /** Whether the video was paused when its server was lost, and is to be so when it is open again. */
  readonly goesOnPaused: boolean;
  /** Whether the video that is over was stopped before its end. */
  readonly isStopped: boolean;
  /**
   * Whether the model has lost the video that is over with its server, so that nothing can be asked about it.
   */
  readonly isForgotten: boolean;
  readonly selection: Selection;
}

/** Where the session is: `preparing` until it is opened, `ready` until the video starts. */
export type Phase = 'idle' | 'preparing' | 'ready' | 'starting' | 'running' | 'paused' | 'ended' | 'failed';

/** A video the person has picked. */
export interface ChosenVideo {
  readonly title: string;
  readonly source: WireSource;
  /** Where the page itself can play it from; null where it cannot. */
  readonly playUrl: string | null;
  readonly questions: readonly string[];
  /** What it shows: of several models, one made for that is taken. */
  readonly footage: Footage;
  /** What the browser is asked for once the person starts it; absent for what needs no leave. */
  readonly films?: Filmed;
  /** When something is due, for each of its questions; absent where nobody has annotated it. */
  readonly annotated?: readonly AnnotatedQuestion[];
}

/** A question about a video, and when there is something to say on it. */
export interface AnnotatedQuestion {
  readonly question: string;
  readonly spans: readonly TimeSpan[];
}

/** A stretch of the media clock, in seconds. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** What can be filmed from the page. */
export type Filmed = 'webcam' | 'screen' | 'window' | 'pattern';

/** A model of the server, as it presents itself. */
export interface ShownModel {
  readonly name: string;
  /** What it was made for. */
  readonly footage: Footage;
  readonly tasks: readonly string[];
  /** One line on what it can see and what not; null if its maker does not say. */
  readonly sees: string | null;
  /** Questions that it can do something with. */
  readonly suggestions: readonly string[];
  /** The host to which its pictures go; null for a model on the server's own machine. */
  readonly host: string | null;
}

/** What a session has cost, as the server tells it. */
export type SpentSoFar = Extract<WireEvent, { type: 'session.spent' }>;

/** The trace of one scored frame, as it came from the server. */
export type FrameTrace = Extract<WireEvent, { type: 'frame.scored' }>;

/** What is known of the running video. */
export type WatchedSource = Extract<WireEvent, { type: 'source.opened' }>;

/** Where a sender such as OBS is to push, and with what key. */
type AwaitedSender = Extract<ServerMessage, { type: 'source.waiting' }>;

/** What keeps the pictures of a live video from coming. */
export type Outage = Extract<WireEvent, { type: 'source.stalled' | 'source.reconnecting' }>;

/** A question that stands, as the server names it. */
export interface ShownQuestion {
  readonly id: string;
  readonly text: string;
  /** Whether it was added to be watched for, rather than just said. */
  readonly isAdded: boolean;
  /** What its scores must exceed; null for the threshold of the policy. */
  readonly threshold: number | null;
}

/** Something the user said; `videoTime` (seconds) is null until the server has inserted it. */
export interface QuestionTurn {
  readonly type: 'question';
  readonly key: string;
  readonly text: string;
  readonly videoTime: number | null;
  /** The server refused it, so it never reached the model. */
  readonly refused: boolean;
  /**
   * Why the model did not take it, in the server's words; null where a problem tells it, or there is no more
   * to say.
   */
  readonly refusal: string | null;
  /** Null until the server has inserted it. */
  readonly questionId: string | null;
  /** The number of the event that has inserted it; null until then. */
  readonly seq: number | null;
}

/** Something the model says or said. */
export interface ReplyTurn {
  readonly type: 'reply';
  readonly key: string;
  readonly text: string;
  readonly videoTime: number;
  readonly frameIndex: number;
  readonly status: 'talking' | 'completed' | 'cancelled' | 'failed';
  /** The question that it answers; null where that cannot be told, or there is none. */
  readonly questionId: string | null;
  /** The text of that question, where there are several and the model can tell; else null. */
  readonly answers: string | null;
  /** Whether the reply ended because it reached the limit of tokens. */
  readonly cut: boolean;
  /** Whether the model was so unsure of its words that they are wrong more often than others. */
  readonly unsure: boolean;
}

/** What happened to the video, told between the turns. */
interface NoteTurn {
  readonly type: 'note';
  readonly key: string;
  readonly text: string;
  readonly videoTime: number;
}

/** Something the model would have said, had it not said it before. */
interface SuppressedTurn {
  readonly type: 'suppressed';
  readonly key: string;
  readonly text: string;
  readonly videoTime: number;
}

/** Something the user or the model said. */
type SaidTurn = QuestionTurn | ReplyTurn;

/** One entry of the conversation. */
export type ShownTurn = SaidTurn | NoteTurn | SuppressedTurn;

/** Whether a turn was said by the user or the model. */
export function isSaid(turn: ShownTurn): turn is SaidTurn {
  return turn.type === 'question' || turn.type === 'reply';
}

/** Something that went wrong: what, and what to do about it. */
export interface Problem {
  readonly what: string;
  readonly remedy: string;
  /** Whether "Try again" makes sense. */
  readonly retry: boolean;
}

/** How far the model is behind the video. */
export interface Lag {
  readonly queuedFrames: number;
  /** Frames dropped since the video started. */
  readonly droppedFrames: number;
  readonly behindSeconds: number;
  /** Video time at which this was said. */
  readonly videoTime: number;
}

/** Moments and frames that the person looks at. */
interface Selection {
  /** A moment chosen by a click, in the conversation or on the plot; a new object for every click. */
  readonly picked: { readonly videoTime: number } | null;
  /** The moment that the plot highlights: the picked one, or the frame that the keyboard has gone to. */
  readonly highlighted: number | null;
  /** Index of the frame that is pointed at. */
  readonly frame: number | null;
  /** Whether that frame is to be read out, as when the keyboard goes through the frames. */
  readonly aloud: boolean;
}

/** Frames kept for the plot; at 2 frames per second this is well over two hours. */
export const frameLimit = 20_000;

/** Turns kept in the conversation; a stream without an end forgets its oldest. */
export const turnLimit = 2_000;

/** Nothing chosen yet. */
export const emptyView: DuetView = {
  phase: 'idle',
  connection: { type: 'idle' },
  video: null,
  asks: null,
  sessionId: null,
  model: null,
  models: [],
  wantedModel: null,
  settings: null,
  spent: null,
  undecided: null,
  triedOut: null,
  source: null,
  waiting: null,
  turns: [],
  questions: [],
  filter: null,
  showsSuppressed: false,
  frames: [],
  frameCount: 0,
  lag: null,
  outage: null,
  problem: null,
  goesOnPaused: false,
  isStopped: false,
  isForgotten: false,
  selection: { picked: null, highlighted: null, frame: null, aloud: false },
};

/** An empty view that knows what belongs to no session. */
export function emptiedView({ models, wantedModel, showsSuppressed }: DuetView): DuetView {
  return { ...emptyView, models, wantedModel, showsSuppressed };
}

/** Where the sender that is awaited now is to push, or null. */
export function awaitedSender({ phase, waiting }: DuetView): AwaitedSender | null {
  return phase === 'starting' ? waiting : null;
}

/** What the page says meanwhile. */
export const waitingText = 'Waiting for a stream from OBS';

/** Whether a sender such as OBS pushes the chosen video. */
export function isPushed({ video }: DuetView): boolean {
  return video?.source.type === 'ingest';
}

/** The label of the start button: "again" once something has been watched. */
export function againText(view: DuetView): string {
  return view.frameCount > 0 ? 'Start again' : 'Try again';
}

/** The reply being written now, or null. */
export function talkingReply(view: DuetView): ReplyTurn | null {
  const reply = view.turns.findLast((turn) => turn.type === 'reply');
  return reply?.status === 'talking' ? reply : null;
}
