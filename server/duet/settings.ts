import { defaultPrompt, type ModelCapabilities } from '../runtime/capabilities.js';
import type { PolicySettings } from '../runtime/settings.js';
import { DuetError } from '../errors.js';

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
  /** Frames per second at which sources are sampled unless they ask otherwise. */
  readonly fps: number;
  readonly systemPrompt: string;
  readonly promptLayout: 'trained' | 'reference';
  /** Frames that may wait for the model before the source waits (file) or the oldest is dropped (live). */
  readonly queueLimit: number;
  /** Most frames appended in one model call when catching up. */
  readonly batchLimit: number;
}

/**
 * The settings of a new session: what the model's maker recommends for the task, then what the user asks for.
 * Throws 'invalid_request' for a task the model does not name.
 */
export function sessionSettings(
  model: ModelCapabilities,
  task = 'default',
  overrides: Partial<SessionSettings> = {},
): SessionSettings {
  const recommended = Object.hasOwn(model.recommended, task) ? model.recommended[task] : undefined;
  if (!recommended) {
    const known = Object.keys(model.recommended).join(', ');
    throw new DuetError('invalid_request', `Model ${model.name} has no task "${task}"; it knows: ${known}.`);
  }
  const { fps, heads, policy, assistantTurns, cooldown } = recommended;
  return {
    ...{ fps, heads, policy, assistantTurns, cooldown },
    interrupt: 'cancel',
    repetitionPenalty: 1,
    maxReplyTokens: 200,
    ...defaultPrompt(model),
    queueLimit: 32,
    batchLimit: 4,
    ...overrides,
  };
}
