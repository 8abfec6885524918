import type { FrameScores } from '../../runtime/model.js';
import { blankMemory, decide, remember, settle, type PolicyMemory, type Verdict } from './policies.js';
import type { LiveSettings } from '../../settings/session-settings.js';

/** What turn taking looks back on. Immutable: each frame makes the next one. */
export interface TurnState {
  readonly memory: PolicyMemory;
  /** Media time of the frame of the last reply, in seconds; -Infinity before the first. */
  readonly lastReplyTime: number;
}

/** The settings that decide when the assistant speaks. */
export type TurnSettings = Pick<LiveSettings, 'heads' | 'policy' | 'cooldown'>;

/** What was decided after one frame, and the state for the next. */
export interface TurnDecision {
  readonly verdict: Verdict;
  /** Sum of the enabled heads. */
  readonly score: number;
  /** Sum of the scores since the last reply, this frame included. */
  readonly runningSum: number;
  readonly next: TurnState;
}

/** The state of a session that has seen nothing. */
export const firstTurnState: TurnState = { memory: blankMemory, lastReplyTime: -Infinity };

/** Decides after a frame whether the assistant takes the turn; pure. */
export type TakeTurn = (
  settings: TurnSettings,
  state: TurnState,
  frame: FrameScores & { readonly videoTime: number },
) => TurnDecision;

/**
 * Decides after a frame whether the assistant takes the turn: the policy on the sum of the enabled heads, unless the last reply is too
 * recent. Pure, so that a recorded session can be decided again under other settings.
 */
export const takeTurn: TakeTurn = (settings, state, frame) => {
  const { heads, policy, cooldown } = settings;
  const score = heads.reduce((total, head) => total + frame[head], 0);
  const memory = remember(state.memory, score);
  const decided = decide(policy, memory, score);
  const resting = frame.videoTime - state.lastReplyTime < cooldown;
  const verdict: Verdict =
    decided.speak && resting ? { ...decided, speak: false, reason: 'cooldown' } : decided;
  return {
    verdict,
    score,
    runningSum: memory.runningSum,
    next: {
      memory: settle(memory, policy, score, verdict.speak),
      lastReplyTime: verdict.speak ? frame.videoTime : state.lastReplyTime,
    },
  };
};
