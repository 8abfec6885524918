import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pace } from './model.js';

/**
 * The call on a context that is being carried out on this thread, for everything that runs within it: the
 * queue of model runs reads whose turn it is and adds what the call costs. Outside of a call there is none.
 */
export const callScope = new AsyncLocalStorage<CallScope>();

/** One call on a context. */
export interface CallScope {
  /** The context's number on its worker. */
  readonly context: number;
  /** Calls are numbered as they come. */
  readonly order: number;
  readonly kind: 'frames' | 'reply' | 'other';
  readonly pace: Pace;
  readonly cost: CallCost;
}

/** What a call has taken so far; it grows while the call runs. */
export interface CallCost {
  /** Milliseconds in which the model computed. */
  busyMs: number;
  /** Pictures that the vision encoder has seen. */
  encoded: number;
}
