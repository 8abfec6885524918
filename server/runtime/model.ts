import type { Picture } from '../video/frame.js';
import type { ModelCapabilities, PromptLayout, ScoreName } from './capabilities.js';
import type { TextReader } from './reader/text-reader.js';
import type { SpendingFigures } from './spending-figures.js';

/**
 * A model that watches and speaks. Adapters implement it: `onnx/` runs model folders on this machine, {@link
 * ScriptedModel} follows a script. Weights are shared; each context is separate.
 */
export interface DuetModel extends AsyncDisposable {
  readonly capabilities: ModelCapabilities;
  /** How much of a context's capacity `text` takes, without markup; 0 if the model has no capacity. */
  measure(text: string): Promise<number>;
  openContext(options: ContextOptions, signal?: AbortSignal): Promise<DuetContext>;
  /** How busy it is now; absent if it does not compute on this machine. */
  readonly load?: ModelLoad;
  /** Reads the text in its pictures; absent if it has no reader. */
  readonly reader?: TextReader | undefined;
}

/** That nobody decided about a frame. */
export interface Unscored {
  readonly reason: UnscoredReason;
  /** What the model said of it; null if the reason says all. */
  readonly message: string | null;
  /**
   * How much the picture differs from the last one that was asked about, from 0 to 1; absent where that was
   * not looked at.
   */
  readonly change?: number;
}

/** Why a frame has no scores. */
export type UnscoredReason =
  /** The picture shows what the one before showed, so nobody was asked. */
  | 'unchanged'
  /**
   * It was not asked again yet: it said that nothing was to be expected for a while, or had just been asked.
   */
  | 'later'
  /** It came while an earlier one was being decided about, or while the model had no place for it. */
  | 'busy'
  /** The budget is spent. */
  | 'budget'
  /** The model refused to decide about it. */
  | 'refused'
  /** The model could not be asked, or did not answer in time. */
  | 'failed';

/** How busy a model is on this machine. */
export interface ModelLoad {
  /**
   * Milliseconds of model time for one frame of a realtime source, with the texts and replies that come with
   * it, as measured lately; null before the first frame.
   */
  readonly frameMs: number | null;
  /** Pictures encoded so far; one that several contexts of a worker share is encoded once. */
  readonly encodedPictures: number;
  /** Its workers, of which each does one thing at a time; also those that have not been started yet. */
  readonly workers: readonly WorkerUse[];
}

/** How a worker's time was used during the last seconds, in shares of it from 0 to 1. */
interface WorkerUse {
  readonly contexts: number;
  readonly realtime: number;
  readonly fast: number;
}

/**
 * One conversation's memory inside a model. Calls must not overlap: await each (drain the reply, or leave its
 * loop) before the next; an overlapping one throws 'internal'. Every call throws `DuetError`: 'context_full'
 * when what it appends does not fit, 'cancelled' when its signal aborts, 'invalid_request' for a picture of
 * another size, 'unsupported' for what the model's capabilities rule out, 'model_failed' when the runtime
 * breaks or the context is closed. A call that throws leaves the context as it was before.
 */
export interface DuetContext extends AsyncDisposable {
  /** How much it holds, in the unit of the model's capacity; 0 if the model has no capacity. */
  readonly size: number;
  /** Memory it occupies, in bytes; absent or null if unknown, as behind an API. */
  readonly bytes?: number | null;
  /** The place just after what it was opened with, before the first frame or text. */
  readonly start: ContextMark;
  /** Index of the worker on which it lives; absent if its model has no workers. */
  readonly worker?: number;
  /** Most pictures that the next call should append; absent if there is no such number. */
  readonly framesPerCall?: number;
  /** What it has cost so far; absent for a model that costs nothing a call. */
  readonly spent?: SpendingFigures;
  /**
   * Appends pictures (of the model's side) in one model call and scores each. The pixels are only read, never
   * transferred, so the same pictures may be appended again after a cut back.
   */
  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]>;
  /**
   * Appends what the user says, a standing question from then on; `stands`: it was asked as one, until it is
   * taken back. Returns the place just after it.
   */
  appendUserText(text: string, signal?: AbortSignal, stands?: boolean): Promise<ContextMark>;
  /**
   * Takes the assistant's turn. Aborting ends it early with reason 'cancelled' and does not throw. Leaving
   * the loop early does the same, without an end part. `afterwards` decides whether the text so far stays; an
   * empty reply leaves no turn.
   */
  generateReply(options: ReplyOptions, signal?: AbortSignal): AsyncIterable<ReplyPart>;
  /** Forgets everything after `mark`. */
  cutBackTo(mark: ContextMark): Promise<void>;
  /**
   * Drops the frames, texts and kept replies after `from` up to `to` and keeps the rest, in well-formed
   * markup. Marks outside of what is dropped stay valid; cutting back to one inside throws 'internal'.
   */
  evict(from: ContextMark, to: ContextMark): Promise<void>;
}

/** How a context is laid out, fixed when it is opened; a model ignores options it does not use. */
export interface ContextOptions {
  readonly systemPrompt: string;
  readonly promptLayout: PromptLayout;
  /** Default: `contiguous`. */
  readonly positions?: PositionMode;
  /**
   * The newest mark of a context of this model that the new one takes over from in the same video: what was
   * followed there is followed on. Absent: a video begins.
   */
  readonly follows?: ContextMark;
  /**
   * Index of the worker on which to open it, beside other contexts that see the same pictures; default: the
   * one with the least to do.
   */
  readonly worker?: number;
  /** Asked at every call at what pace the context is used now; default `realtime`. */
  readonly pace?: () => Pace;
}

/**
 * What eviction does to the positions of what comes after: `contiguous` closes the gap, `original` leaves it.
 */
export type PositionMode = 'contiguous' | 'original';

/**
 * How urgent the calls of a context are. `realtime`: somebody watches, so its frames go before everything
 * else. `fast`: as fast as it goes, so it takes what the others leave.
 */
export type Pace = 'realtime' | 'fast';

/**
 * A place in a context. It can be copied and posted between threads, but only the context that made it reads
 * it.
 */
export interface ContextMark {
  readonly place: unknown;
}

/** The scores of one appended frame, and the place just after it. */
export interface ScoredFrame {
  readonly scores: FrameScores;
  readonly mark: ContextMark;
  /**
   * The relevance for each standing question, oldest first, without evicted ones. Absent if the model does
   * not score questions separately.
   */
  readonly relevances?: readonly number[];
  /** How much of what the model might have said was an answer, from 0 to 1; absent if it does not tell. */
  readonly trust?: number;
  /** Present if nobody decided about the frame: its scores are 0 then and mean nothing. */
  readonly unscored?: Unscored;
}

/** Probabilities for a frame, each in [0, 1]; 0 for a score the model does not give. */
export type FrameScores = Readonly<Record<ScoreName, number>>;

/** How one reply is generated (always greedily). */
export interface ReplyOptions {
  readonly maxTokens: number;
  /**
   * Divides positive logits, and multiplies negative ones, of tokens generated before in this context; 1
   * changes nothing. Models that do not expose their logits ignore it.
   */
  readonly repetitionPenalty: number;
  /**
   * Whether the reply stays in the context or the context is cut back to just before the assistant's turn.
   */
  readonly afterwards: 'keep' | 'remove';
}

/** What a reply yields while it is generated: any number of text parts, then exactly one end. */
export type ReplyPart =
  | { readonly type: 'text'; /** Whole characters, never half of one. */ readonly text: string }
  | {
      readonly type: 'end';
      readonly reason: ReplyEnd;
      /** Tokens generated, without an end token, as exactly as the model can tell. */
      readonly tokens: number;
      /** Their ids; absent if the model does not report them. */
      readonly tokenIds?: readonly number[];
      /**
       * How sure the model was of its words, in (0, 1]: the geometric mean of the probabilities of its
       * tokens, that of the end token included. Absent if the model does not tell, or said nothing.
       */
      readonly confidence?: number;
      /** Whether that is below the margin under which its maker found replies to be wrong more often. */
      readonly unsure?: true;
      /** The place just after it, if it stays in the context and the model can tell. */
      readonly mark?: ContextMark;
      /**
       * Index among the texts that the context holds, oldest first, of the question it answers; null if none
       * asked for it, absent if the model cannot tell.
       */
      readonly question?: number | null;
    };

/**
 * Why a reply ended: on its own, at the limit of its length or of the context, or because it was cancelled.
 */
export type ReplyEnd = 'completed' | 'length' | 'cancelled';
