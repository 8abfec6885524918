import type { DuetContext, DuetModel, ScoredFrame } from '../../runtime/model.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import type { Picture } from '../../video/frame.js';

/**
 * What of a conversation is kept in a model's context. The conversation appends without end; a memory sees to
 * it that there is room, and decides what is forgotten for it. It counts in the unit of the model's capacity
 * and knows nothing else of the model. Calls must not overlap, apart from `requireFits`.
 *
 * Each strategy is a file here: `renewal.ts` begins a fresh context when one is full. Windows over the newest
 * frames and texts, for models that can `evict`, have their place beside it; `openMemory` chooses.
 */
export interface ContextMemory extends Pick<DuetContext, 'generateReply' | 'cutBackTo'>, AsyncDisposable {
  /** Most frames that one call may append. */
  readonly framesPerCall: number;
  /** Throws 'context_full' for a text that is too long for the model, saying how long it may be. */
  requireFits(text: string): Promise<void>;
  /** Appends at most {@link framesPerCall} pictures and scores each; marks hold until the next append. */
  appendFrames(pictures: readonly Picture[], signal: AbortSignal): Promise<readonly ScoredFrame[]>;
  /** Appends what the user says. Throws 'context_full' as {@link requireFits} does, and is then as before. */
  appendUserText(text: string, signal: AbortSignal): Promise<void>;
}

/** What a memory is opened with. */
export interface MemoryOptions {
  readonly model: DuetModel;
  /** Read at every step, so that changes take effect at once. */
  readonly settings: () => SessionSettings;
  readonly onForgotten: OnForgotten;
}

/**
 * Told when something was forgotten: how much, in the unit of the model's capacity, and how many texts were
 * kept.
 */
type OnForgotten = (forgotten: { forgottenTokens: number; keptTexts: number }) => void;
