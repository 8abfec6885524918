import type { ExampleRatings } from '../benchmark.js';
import type { Answer } from '../data/played.js';
import type { AnswerMemory } from './runs/answer-memory.js';

/** What a run is at while it counts its progress. */
export type RunPhase = 'measuring videos' | 'playing' | 'playing the development split' | 'judging';

/** Who is told while a benchmark runs, and what ends it. */
export interface RunHooks {
  readonly signal: AbortSignal;
  /** Told how many questions, or ratings while judging, are done of how many. */
  readonly onProgress?: (phase: RunPhase, done: number, total: number) => void;
  /** Told, in one sentence, of what is amiss without ending the run. */
  readonly onWarning?: (message: string) => void;
  /** Told of every question that was played, in the order of the annotations, once all are scored. */
  readonly onAnswer?: (answer: RatedAnswer) => void;
  /** Saves playing what earlier runs of this process played, and remembers what this one plays. */
  readonly memory?: AnswerMemory;
}

/** A question, what was played of it, and its ratings; null where no judge rates single replies. */
export interface RatedAnswer extends Answer {
  readonly ratings: ExampleRatings | null;
}
