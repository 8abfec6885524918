import type { PolicySettings } from '../runtime/settings.js';

/** What may change while a session runs. Times are seconds on the media clock. */
export interface LiveSettings {
  readonly heads: readonly ('informative' | 'relevance')[];
  readonly policy: PolicySettings;
  /** Least time from one reply's frame to the next reply; 0 switches it off. */
  readonly cooldown: number;
  /** Whether replies stay in the model's context; removing them is the paper's remedy against repetition. */
  readonly assistantTurns: 'keep' | 'remove';
  /** What a user text does to a reply that is being generated. */
  readonly interrupt: 'cancel' | 'finish';
  readonly repetitionPenalty: number;
  readonly maxReplyTokens: number;
}

/** Everything a session is opened with. */
export interface SessionSettings extends LiveSettings {
  readonly systemPrompt: string;
  readonly promptLayout: 'trained' | 'reference';
  /** Frames that may wait for the model before the source waits (file) or the oldest is dropped (live). */
  readonly queueLimit: number;
  /** Most frames appended in one model call when catching up. */
  readonly batchLimit: number;
}
