import type { ContextMark, DuetContext, DuetModel, ScoredFrame } from '../../runtime/model.js';
import type { SpendingFigures } from '../../runtime/spending-figures.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import type { Picture } from '../../video/frame.js';

/**
 * Decides what part of a conversation stays in a model's context: the conversation appends without limit, and
 * the memory makes room by forgetting. It counts in the unit of the model's capacity. Calls must not overlap,
 * except `requireFits`.
 *
 * Each strategy has a file here: `windowed-context.ts` keeps windows over the newest frames and texts, for
 * models that can `evict`; `renewed-context.ts` starts a new context when one is full. `openMemory` chooses.
 */
export interface ContextMemory extends Pick<DuetContext, 'generateReply' | 'cutBackTo'>, AsyncDisposable {
  /** Most frames that the next call may append. */
  readonly framesPerCall: number;
  readonly held: HeldMemory;
  /** What the model has cost so far; absent if it costs nothing a call. */
  readonly spent: SpendingFigures | undefined;
  /**
   * The user texts in the context, oldest first, as `relevances` has them: their ids, null for one without.
   */
  readonly textIds: readonly (string | null)[];
  /**
   * Throws 'context_full' if a text is too long for the model beside the standing texts there are, saying how
   * long it may be; `alone`: if it is too long for another context like this, in which none stands.
   */
  requireFits(text: string, alone?: boolean): Promise<void>;
  /** Appends at most {@link framesPerCall} pictures and scores each; marks hold until the next append. */
  appendFrames(pictures: readonly Picture[], signal: AbortSignal): Promise<readonly ScoredFrame[]>;
  /**
   * Appends what the user says. Throws 'context_full' for one that is too long and is then unchanged; one
   * that {@link requireFits} accepted still fits if a few others were inserted before it.
   */
  appendUserText(text: string, signal: AbortSignal, as?: TextRole): Promise<void>;
  /**
   * Makes the model forget the texts with this id, and nothing else if it can evict; otherwise a new context
   * begins with the other texts. Returns whether there was one.
   */
  forget(id: string, signal: AbortSignal): Promise<boolean>;
}

/** What a user text is to a memory. */
export interface TextRole {
  /** By which it can be forgotten; default: it is forgotten in time. */
  readonly id?: string;
  /** Whether it is kept whatever else is forgotten. Default: no. */
  readonly stands?: boolean;
}

/** What a memory is opened with. */
export interface MemoryOptions {
  readonly model: DuetModel;
  /** Read at every step, so that changes take effect at once. */
  readonly settings: () => SessionSettings;
  readonly onForgotten: OnForgotten;
  /** The newest mark of another context that saw the same video, from which this one takes over. */
  readonly follows?: ContextMark | undefined;
}

/** Called when something was forgotten; sizes are in the unit of the model's capacity. */
type OnForgotten = (forgotten: RenewedMemory | EvictedMemory) => void;

/** The context was begun again. */
interface RenewedMemory {
  readonly type: 'renewed';
  readonly forgottenTokens: number;
  readonly keptTexts: number;
}

/** Frames and texts left the windows: what was forgotten since the last report, and what is held now. */
export interface EvictedMemory {
  readonly type: 'evicted';
  readonly forgottenTokens: number;
  readonly forgottenFrames: number;
  /** User texts and kept replies. */
  readonly forgottenTexts: number;
  readonly heldTokens: number;
  readonly heldFrames: number;
  readonly heldTexts: number;
  readonly heldBytes: number | null;
}

/** What a memory holds now. */
export interface HeldMemory {
  /** Size of the context, in the unit of the model's capacity. */
  readonly tokens: number;
  /** Null if unknown. */
  readonly bytes: number | null;
  readonly frames: number;
  /** User texts and kept replies. */
  readonly texts: number;
}
