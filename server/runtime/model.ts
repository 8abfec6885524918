import type { Picture } from '../video/frame.js';
import type { ModelDescription } from './folder/manifest.js';

/** The two probabilities a duet model reads off a frame, each in [0, 1]. */
export interface FrameScores {
  /** P(this frame brings something new worth saying). */
  readonly informative: number;
  /** P(this frame is relevant to the user's standing question). */
  readonly relevance: number;
}

/**
 * A place in a context to which it can be cut back. Plain and immutable; only the context that made it
 * understands it.
 */
export interface ContextMark {
  /** Cached tokens at this place. */
  readonly tokens: number;
  /** Where in the chat markup this place is. */
  readonly turn: 'empty' | 'system' | 'user' | 'stream' | 'assistant';
}

/** The scores of one appended frame, and the place just after it. */
export interface ScoredFrame {
  readonly scores: FrameScores;
  readonly mark: ContextMark;
}

/** How a context is laid out, fixed when it is opened. */
export interface ContextOptions {
  readonly systemPrompt: string;
  /**
   * `trained`: the layout the model was trained on; `reference`: MMDuet's inference code with its three
   * departures (parity runs).
   */
  readonly promptLayout: 'trained' | 'reference';
}

/** How one reply is generated (always greedily). */
export interface ReplyOptions {
  readonly maxTokens: number;
  /**
   * Divides (positive) or multiplies (negative) the logits of tokens generated before in this context; 1
   * changes nothing.
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
      readonly reason: 'completed' | 'length' | 'cancelled';
      /** Generated token ids without the end token. */
      readonly tokens: readonly number[];
    };

/**
 * One conversation's memory inside a model. Calls must not overlap: await each (drain the reply, or leave its
 * loop) before the next; an overlapping one throws 'internal'. Every call throws `DuetError`: 'context_full'
 * when the model's positions are used up, 'cancelled' when its signal aborts, 'invalid_request' for a picture
 * of another size, 'model_failed' when the runtime breaks or the context is closed. A call that throws leaves
 * the context as it was before.
 */
export interface DuetContext extends AsyncDisposable {
  /** Cached tokens so far. */
  readonly size: number;
  /**
   * Appends pictures (each `side` x `side`) in one model call and reads both heads at each picture's last
   * token. The pixels are only read, never handed over: after a cut back the same pictures may be appended
   * again.
   */
  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]>;
  /** Appends a user turn. */
  appendUserText(text: string, signal?: AbortSignal): Promise<void>;
  /**
   * Takes the assistant's turn. Aborting ends it early with reason 'cancelled'; it does not throw. Leaving
   * the loop early does the same without an end part. What was said until then stays or goes as `afterwards`
   * says; a reply without a word leaves no turn.
   */
  generateReply(options: ReplyOptions, signal?: AbortSignal): AsyncIterable<ReplyPart>;
  /** Forgets everything after `mark`. */
  cutBackTo(mark: ContextMark): Promise<void>;
}

/** A video language model with informative and relevance heads: weights shared, contexts apart. */
export interface DuetModel extends AsyncDisposable {
  readonly description: ModelDescription;
  /** Tokens of `text` itself, without the markup around it. */
  countTokens(text: string): Promise<number>;
  openContext(options: ContextOptions, signal?: AbortSignal): Promise<DuetContext>;
}
