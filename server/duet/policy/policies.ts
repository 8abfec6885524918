import type { PolicySettings } from '../../settings/policies.js';
import type { DecisionReason } from '../events.js';

/** What the policies look back on. Immutable: each frame makes the next one. */
export interface PolicyMemory {
  /** Frames scored so far. */
  readonly frames: number;
  /** Sum of the scores since the last reply, this frame included. */
  readonly runningSum: number;
  /** The newest scores before this frame, oldest first, at most `recentLimit`. */
  readonly recent: readonly number[];
}

/** Whether the assistant takes the turn, and what the decision rested on. */
export interface Verdict {
  readonly speak: boolean;
  readonly reason: DecisionReason;
  /** The number compared with; null where nothing was compared. */
  readonly threshold: number | null;
}

/** A response policy: from the present score and what came before to a verdict. Every comparison is strict (>). */
type Policy<Settings extends PolicySettings> = (
  settings: Settings,
  memory: PolicyMemory,
  score: number,
) => Verdict;

type SettingsOf<Type extends PolicySettings['type']> = Extract<PolicySettings, { type: Type }>;

/** The memory of a session that has seen nothing. */
export const blankMemory: PolicyMemory = { frames: 0, runningSum: 0, recent: [] };

/** Speaks when the score of one frame passes a threshold (MMDuet's rule for question answering). */
const threshold: Policy<SettingsOf<'threshold'>> = (settings, _memory, score) =>
  compare(score, settings.threshold, 'score_not_above_threshold');

/** Speaks when the scores since the last reply have added up past a threshold (MMDuet's rule for dense captioning). */
const sum: Policy<SettingsOf<'sum'>> = (settings, memory) =>
  compare(memory.runningSum, settings.threshold, 'sum_not_above_threshold');

/** Speaks when a score stands out from the scores before it by a number of standard deviations. */
const zscore: Policy<SettingsOf<'zscore'>> = (settings, memory, score) => {
  const window = memory.recent.slice(-settings.window);
  if (memory.frames <= settings.warmUp || window.length < 2) {
    return { speak: false, reason: 'warming_up', threshold: null };
  }
  const mean = average(window);
  const deviation = Math.sqrt(average(window.map((value) => (value - mean) ** 2)));
  return compare(score, mean + settings.deviations * deviation, 'score_not_above_deviation');
};

/** Takes one more score into the memory; to be called before {@link decide}. */
export function remember(memory: PolicyMemory, score: number): PolicyMemory {
  return { ...memory, frames: memory.frames + 1, runningSum: memory.runningSum + score };
}

/** Closes a frame: keeps its score for the frames to come, and starts a new sum when the assistant spoke. */
export function settle(
  memory: PolicyMemory,
  settings: PolicySettings,
  score: number,
  spoke: boolean,
): PolicyMemory {
  const recentLimit = settings.type === 'zscore' ? settings.window : 0;
  return {
    frames: memory.frames,
    runningSum: spoke ? 0 : memory.runningSum,
    recent: recentLimit === 0 ? [] : [...memory.recent, score].slice(-recentLimit),
  };
}

/** Asks the configured policy about the newest score. */
export function decide(settings: PolicySettings, memory: PolicyMemory, score: number): Verdict {
  switch (settings.type) {
    case 'threshold':
      return threshold(settings, memory, score);
    case 'sum':
      return sum(settings, memory, score);
    case 'zscore':
      return zscore(settings, memory, score);
    case 'never':
      return { speak: false, reason: 'policy_never', threshold: null };
    default:
      return settings satisfies never;
  }
}

function compare(value: number, limit: number, otherwise: DecisionReason): Verdict {
  return value > limit
    ? { speak: true, reason: 'fired', threshold: limit }
    : { speak: false, reason: otherwise, threshold: limit };
}

function average(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
