import type { ExampleRatings } from '../benchmark.js';
import type { Answer } from '../data/played.js';
import type { AnswerMemory } from './runs/answer-memory.js';

/** Callbacks of a running benchmark, and the signal that ends it. */
export interface RunHooks {
  readonly signal: AbortSignal;
  /** Called with how many questions, or ratings while judging, are done out of how many. */
  readonly onProgress?: (phase: RunPhase, done: number, total: number) => void;
  /** Called, with one sentence, for a problem that does not end the run. */
  readonly onWarning?: (message: string) => void;
  /** Called for every question that was played, in the order of the annotations, once all are scored. */
  readonly onAnswer?: (answer: RatedAnswer) => void;
  /** Reuses what earlier runs of this process played, and stores what this one plays. */
  readonly memory?: AnswerMemory;
}

/** The phase of a run that its progress belongs to. */
export type RunPhase = 'measuring videos' | 'playing' | 'playing the development split' | 'judging';

/** An answered question with its ratings; null if no judge rates individual replies. */
export interface RatedAnswer extends Answer {
  readonly ratings: ExampleRatings | null;
}
