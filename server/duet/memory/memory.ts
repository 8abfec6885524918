import type { DuetContext, DuetModel, ScoredFrame } from '../../runtime/model.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import type { Picture } from '../../video/frame.js';

/**
 * Decides what part of a conversation stays in a model's context: the conversation appends without limit, and
 * the memory makes room by forgetting. It counts in the unit of the model's capacity. Calls must not overlap,
 * except `requireFits`.
 *
 * Each strategy has a file here: `renewed-context.ts` starts a new context when one is full. Windows over the
 * newest frames and texts, for models that can `evict`, belong next to it; `openMemory` chooses.
 */
export interface ContextMemory extends Pick<DuetContext, 'generateReply' | 'cutBackTo'>, AsyncDisposable {
  /** Most frames that one call may append. */
  readonly framesPerCall: number;
  /**
   * Throws 'context_full' if a text is too long for the model, saying how long it may be. A standing text must
   * also fit beside the standing texts there are.
   */
  requireFits(text: string, kind?: 'plain' | 'standing'): Promise<void>;
  /** Appends at most {@link framesPerCall} pictures and scores each; marks hold until the next append. */
  appendFrames(pictures: readonly Picture[], signal: AbortSignal): Promise<readonly ScoredFrame[]>;
  /**
   * Appends what the user says. With an id it is a standing text, kept whatever else is forgotten, until
   * {@link forget} is called. Throws 'context_full' as {@link requireFits} does and is then unchanged.
   */
  appendUserText(text: string, signal: AbortSignal, standingId?: string): Promise<void>;
  /**
   * No longer keeps the standing texts with this id; the model forgets them at once if it can, otherwise with
   * all else. Returns whether there was one.
   */
  forget(standingId: string): Promise<boolean>;
}

/** What a memory is opened with. */
export interface MemoryOptions {
  readonly model: DuetModel;
  /** Read at every step, so that changes take effect at once. */
  readonly settings: () => SessionSettings;
  readonly onForgotten: OnForgotten;
}

/**
 * Called when something is forgotten: how much, in the unit of the model's capacity, and how many texts are
 * kept.
 */
type OnForgotten = (forgotten: { forgottenTokens: number; keptTexts: number }) => void;
