/**
 * A response policy: what to do after a frame. Pure, so that a recorded session can be decided again. Every
 * comparison with a score is strict (>).
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
  readonly memory: PolicyMemory;
  /** How much the picture differs from that of the last reply, from 0 to 1; null where nobody measured it. */
  readonly pictureChange: number | null;
  /** The user texts inserted since the frame before, oldest first. */
  readonly texts: readonly string[];
}

/** What is done after a frame, and what that rests on. */
export interface Decision {
  /** `suppress`: the scores call for a reply, and something else forbids it. */
  readonly answer: 'speak' | 'silent' | 'suppress';
  readonly reason: DecisionReason;
  /** The number compared with; null where nothing was compared. */
  readonly threshold: number | null;
}

/** Why the assistant did or did not take the turn after a frame. */
export type DecisionReason =
  | 'fired'
  | 'score_not_above_threshold'
  | 'sum_not_above_threshold'
  | 'score_not_above_deviation'
  | 'warming_up'
  | 'cooldown'
  | 'policy_never';

/** What the policies look back on. Immutable: each frame makes the next one. */
export interface PolicyMemory {
  /** Frames scored so far, this one included. */
  readonly frames: number;
  /** Sum of the scores since the last reply, this frame included. */
  readonly runningSum: number;
  /** The newest scores before this frame, oldest first. */
  readonly recent: readonly number[];
}

/** The memory of a session that has seen nothing. */
export const blankMemory: PolicyMemory = { frames: 0, runningSum: 0, recent: [] };

/** Takes the score of a frame into the memory, before the policy is asked about it. */
export function remember(memory: PolicyMemory, score: number): PolicyMemory {
  return { ...memory, frames: memory.frames + 1, runningSum: memory.runningSum + score };
}

/** Closes a frame: keeps its score among the newest `window`, and starts a new sum if the assistant spoke. */
export function settle(memory: PolicyMemory, score: number, spoke: boolean, window: number): PolicyMemory {
  return {
    frames: memory.frames,
    runningSum: spoke ? 0 : memory.runningSum,
    recent: window === 0 ? [] : [...memory.recent, score].slice(-window),
  };
}
