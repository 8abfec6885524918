import type { FrameScores } from '../../runtime/model.js';
import type { LiveSettings } from '../../settings/session-settings.js';
import { policyOf, windowOf } from './policies.js';
import { blankMemory, remember, settle, type Decision, type Moment, type PolicyMemory } from './policy.js';
import { budgetSeconds, isArmed, restrain } from './restraint.js';
import { aimedAtRate, rememberScore, type TimedScore } from './talk-rate.js';

/**
 * Decides after a frame whether the assistant takes the turn: the policy on the sum of the enabled heads,
 * unless a rule suppresses the reply. Pure, so that a recorded session can be decided again under other
 * settings.
 */
export const takeTurn: TakeTurn = (settings, state, frame) => {
  const { heads } = settings;
  const score = heads.reduce((total, head) => total + frame[head], 0);
  const { videoTime, pictureChange = null, texts = [] } = frame;
  const scores = rememberScore(state.scores, settings, { time: videoTime, score });
  const policy = aimedAtRate(settings, scores);
  const memory = remember(state.memory, score);
  const replyTimes = state.replyTimes.filter((time) => videoTime - time < budgetSeconds);
  const { lastReplyTime, armed: wasArmed } = state;
  const moment = {
    ...{ score, memory, videoTime, lastReplyTime, replyTimes, armed: wasArmed, pictureChange, texts },
  };
  const wish = policyOf(policy)(moment);
  const armed = isArmed(settings, wish.threshold, moment);
  const decision = restrain(wish, { ...moment, armed }, settings);
  const speaks = decision.answer === 'speak';
  return {
    ...{ decision, score, runningSum: policy.type === 'sum' ? memory.runningSum : null },
    next: {
      ...{ memory: settle(memory, score, speaks, windowOf(policy)), scores },
      ...(speaks
        ? {
            lastReplyTime: videoTime,
            replyTimes: [...replyTimes, videoTime],
            armed: settings.hysteresis === 0,
          }
        : { lastReplyTime, replyTimes, armed }),
    },
  };
};

/** Decides after a frame whether the assistant takes the turn; pure. */
export type TakeTurn = (settings: TurnSettings, state: TurnState, frame: TurnFrame) => TurnDecision;

/** The settings that decide when the assistant speaks. */
export type TurnSettings = Pick<LiveSettings, (typeof turnSettingNames)[number]>;

/** The names of {@link TurnSettings}. */
export const turnSettingNames = [
  ...(['heads', 'policy', 'cooldown', 'hysteresis', 'rearmAfter', 'replyBudget'] as const),
  ...(['talkRate', 'leastChange'] as const),
] as const;

/** What turn taking remembers. Immutable: every frame produces a new one. */
export interface TurnState {
  readonly memory: PolicyMemory;
  /** The newest scores, for a talk rate. */
  readonly scores: readonly TimedScore[];
  /** Media time of the frame of the last reply, in seconds; -Infinity before the first. */
  readonly lastReplyTime: number;
  /** Media times of the replies that count against the budget, oldest first. */
  readonly replyTimes: readonly number[];
  /** Whether hysteresis lets the assistant speak. */
  readonly armed: boolean;
}

/** The state of a new session. */
export const firstTurnState: TurnState = {
  ...{ memory: blankMemory, scores: [], lastReplyTime: -Infinity, replyTimes: [], armed: true },
};

/** The state when another source begins: its clock starts at 0, so no times carry over. */
export function atNewSource({ memory }: TurnState): TurnState {
  return { ...firstTurnState, memory };
}

/**
 * The state after a reply that was suppressed: as if it had not been made, except that what the policy
 * counts up to a reply begins anew.
 */
export function unsaid(after: TurnState, before: TurnState): TurnState {
  return { ...after, lastReplyTime: before.lastReplyTime, replyTimes: before.replyTimes };
}

/** The state after a reply that was made elsewhere, but counts against the same budget. */
export function alsoSpokenAt(state: TurnState, videoTime: number): TurnState {
  return { ...state, replyTimes: [...state.replyTimes, videoTime] };
}

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
