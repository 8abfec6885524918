import type { Situation } from '../situation.js';
import type { Spending } from '../engine/spending.js';

/** One way of reading from an engine whether to speak. Each has a file here, and a line in `deciders.ts`. */
export interface Decider {
  /**
   * Decides about the newest picture of a situation. Throws a `DuetError`: 'budget_spent', 'refused',
   * 'cancelled', 'model_failed' (`retryable` for what may pass), and 'unsupported' for an engine that does
   * not decide in this way.
   */
  decide(situation: Situation, call: DecisionCall): Promise<EngineDecision>;
}

/** How urgent a decision is. */
export interface DecisionCall {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds after which the answer is of no use. */
  readonly timeoutMs: number;
  /** How often a request is repeated that failed in a way that may pass. */
  readonly retries: number;
  /** Who pays. */
  readonly spending: Spending;
}

/** What an engine decided about a picture. */
export interface EngineDecision {
  /** Null if the engine refused to say, or said nothing that could be read. */
  readonly informative: Probability | null;
  /** One for each standing question, in order; empty for a way without. */
  readonly relevances: readonly (Probability | null)[];
  /** That nothing will happen for a while, if that was asked; null if it was not, or was not answered. */
  readonly quiet?: Probability | null;
}

/** A probability, and how much of what the engine might have said was an answer at all. */
export interface Probability {
  /** From 0 to 1. */
  readonly value: number;
  /** From 0 to 1; null where the engine does not tell. */
  readonly mass: number | null;
}

/**
 * A probability; null where hardly anything of what the engine might have said was an answer: it tells
 * nothing then.
 */
export function asProbability(value: number, mass: number | null): Probability | null {
  return mass !== null && mass < leastMass ? null : { value, mass: mass && Math.min(1, mass) };
}

const leastMass = 0.05;

/** Name of a way of deciding. */
export type DecisionWay =
  | 'decisions'
  | 'systemone'
  | 'systemone-images'
  | 'systemone-assets'
  | 'labels'
  | 'report'
  | 'no-reply'
  | 'silence-token'
  | 'caption'
  | 'heads'
  | 'folded';
