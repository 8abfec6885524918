import type { EvictedMemory, HeldMemory, MemoryOptions } from './memory.js';
import type { Remembered } from './windows.js';

/**
 * Adds up what was evicted and reports it when something is evicted for the first time, and then each time a
 * whole window of frames has gone, so that an endless stream is not full of reports.
 */
export class EvictionTally {
  readonly #onForgotten: MemoryOptions['onForgotten'];
  #since: Forgotten = nothing;
  #reported = false;

  constructor(onForgotten: MemoryOptions['onForgotten']) {
    this.#onForgotten = onForgotten;
  }

  /** Adds items that went with `tokens`; `held` is what is left, `window` how many frames are a window. */
  add(items: readonly Remembered[], tokens: number, held: HeldMemory, window: number): void {
    const frames = items.filter(({ type }) => type === 'frame').length;
    const { forgottenTokens, forgottenFrames, forgottenTexts } = this.#since;
    this.#since = {
      forgottenTokens: forgottenTokens + tokens,
      forgottenFrames: forgottenFrames + frames,
      forgottenTexts: forgottenTexts + items.length - frames,
    };
    if (this.#reported && this.#since.forgottenFrames < window) return;
    const { tokens: heldTokens, frames: heldFrames, texts: heldTexts, bytes: heldBytes } = held;
    this.#onForgotten({ type: 'evicted', ...this.#since, heldTokens, heldFrames, heldTexts, heldBytes });
    this.#since = nothing;
    this.#reported = true;
  }
}

type Forgotten = Pick<EvictedMemory, 'forgottenTokens' | 'forgottenFrames' | 'forgottenTexts'>;

const nothing: Forgotten = { forgottenTokens: 0, forgottenFrames: 0, forgottenTexts: 0 };
