import type { FrameScores } from '../../runtime/model.js';
import type { LiveSettings } from '../../settings/session-settings.js';
import { policyOf, windowOf } from './policies.js';
import { blankMemory, remember, settle, type Decision, type Moment, type PolicyMemory } from './policy.js';
import { withCooldown } from './suppression.js';

/**
 * Decides after a frame whether the assistant takes the turn: the policy on the sum of the enabled heads,
 * unless a rule suppresses the reply. Pure, so that a recorded session can be decided again under other
 * settings.
 */
export const takeTurn: TakeTurn = (settings, state, frame) => {
  const { heads, policy, cooldown } = settings;
  const score = heads.reduce((total, head) => total + frame[head], 0);
  const memory = remember(state.memory, score);
  const { videoTime, pictureChange = null, texts = [] } = frame;
  const { lastReplyTime } = state;
  const decide = withCooldown(policyOf(policy), cooldown);
  const decision = decide({ score, memory, videoTime, lastReplyTime, pictureChange, texts });
  const speaks = decision.answer === 'speak';
  return {
    ...{ decision, score, runningSum: policy.type === 'sum' ? memory.runningSum : null },
    next: {
      memory: settle(memory, score, speaks, windowOf(policy)),
      lastReplyTime: speaks ? videoTime : lastReplyTime,
    },
  };
};

/** Decides after a frame whether the assistant takes the turn; pure. */
export type TakeTurn = (settings: TurnSettings, state: TurnState, frame: TurnFrame) => TurnDecision;

/** The settings that decide when the assistant speaks. */
export type TurnSettings = Pick<LiveSettings, 'heads' | 'policy' | 'cooldown'>;

/** What turn taking remembers. Immutable: every frame produces a new one. */
export interface TurnState {
  readonly memory: PolicyMemory;
  /** Media time of the frame of the last reply, in seconds; -Infinity before the first. */
  readonly lastReplyTime: number;
}

/** The state of a new session. */
export const firstTurnState: TurnState = { memory: blankMemory, lastReplyTime: -Infinity };

/** A scored frame. Picture change and texts are optional, so that older records can be decided again. */
export type TurnFrame = FrameScores &
  Pick<Moment, 'videoTime'> &
  Partial<Pick<Moment, 'pictureChange' | 'texts'>>;

/** What was decided after one frame, and the state for the next. */
interface TurnDecision {
  readonly decision: Decision;
  /** Sum of the enabled heads. */
  readonly score: number;
  /** Sum of the scores since the last reply, this frame included; null unless the policy is `sum`. */
  readonly runningSum: number | null;
  readonly next: TurnState;
}
