/**
 * A response policy: decides what to do after a frame. Pure, so that a recorded session can be decided again.
 * Comparisons with scores are strict (>).
 */
export type Policy = (moment: Moment) => Decision;

/** What a policy sees: the frame just scored, and what came before it. */
export interface Moment {
  /** Sum of the enabled heads. */
  readonly score: number;
  /** Seconds on the media clock. */
  readonly videoTime: number;
  /** Media time of the frame of the last reply, in seconds; -Infinity before the first. */
  readonly lastReplyTime: number;
  /** Media times of the replies of the last minute, oldest first. */
  readonly replyTimes: readonly number[];
  /** Whether the score has fallen low enough since the last reply, or something else has armed it again. */
  readonly armed: boolean;
  readonly memory: PolicyMemory;
  /** How much the picture differs from that of the last reply, from 0 to 1; null if not measured. */
  readonly pictureChange: number | null;
  /** The user texts inserted since the frame before, oldest first. */
  readonly texts: readonly string[];
}

/** What to do after a frame, and why. */
export interface Decision {
  /** `suppress`: the policy would speak, but another rule forbids it. */
  readonly answer: 'speak' | 'silent' | 'suppress';
  readonly reason: DecisionReason;
  /** The threshold compared with; null if nothing was compared. */
  readonly threshold: number | null;
}

/** Why the assistant did or did not take the turn after a frame. */
export type DecisionReason =
  | 'fired'
  | 'score_not_above_threshold'
  | 'sum_not_above_threshold'
  | 'score_not_above_deviation'
  | 'warming_up'
  | 'not_rearmed'
  | 'cooldown'
  | 'budget_spent'
  | 'no_visible_change'
  | 'policy_never';

/** What policies remember. Immutable: every frame produces a new one. */
export interface PolicyMemory {
  /** Frames scored so far, this one included. */
  readonly frames: number;
  /** Sum of the scores since the last reply, this frame included. */
  readonly runningSum: number;
  /** The newest scores before this frame, oldest first. */
  readonly recent: readonly number[];
}

/** The memory of a new session. */
export const blankMemory: PolicyMemory = { frames: 0, runningSum: 0, recent: [] };

/** Adds a frame's score, before the policy is asked. */
export function remember(memory: PolicyMemory, score: number): PolicyMemory {
  return { ...memory, frames: memory.frames + 1, runningSum: memory.runningSum + score };
}

/** Finishes a frame: keeps its score among the last `window`, and resets the sum if the assistant spoke. */
export function settle(memory: PolicyMemory, score: number, spoke: boolean, window: number): PolicyMemory {
  return {
    frames: memory.frames,
    runningSum: spoke ? 0 : memory.runningSum,
    recent: window === 0 ? [] : [...memory.recent, score].slice(-window),
  };
}
