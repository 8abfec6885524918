import { describe, expect, test } from 'vitest';
import {
  atNewSource,
  firstTurnState,
  takeTurn,
  unsaid,
  type TurnFrame,
  type TurnSettings,
  type TurnState,
} from '../../../server/duet/policy/take-turn.js';
import { defaultSettings } from '../../../server/settings/session-settings.js';

const talkative: TurnSettings = {
  ...defaultSettings.live,
  ...{ heads: ['informative'], policy: { type: 'threshold', threshold: 0.5 }, cooldown: 0 },
};

type Given = Partial<TurnFrame> | number;

/** The reason after each frame; frames come half a second apart, and a plain number is a score. */
function reasons(settings: Partial<TurnSettings>, given: readonly Given[], from = firstTurnState): string[] {
  let state = from;
  return given.map((each, index) => {
    const frame = typeof each === 'number' ? { informative: each } : each;
    const { decision, next } = takeTurn({ ...talkative, ...settings }, state, {
      ...{ videoTime: index / 2, informative: 0.9, relevance: 0, ...frame },
    });
    state = next;
    return decision.reason;
  });
}

describe('hysteresis', () => {
  const halved = { hysteresis: 0.5, rearmAfter: 60 };

  test('holds replies back until the score has fallen to its share of the threshold', () => {
    expect(reasons(halved, [0.9, 0.9, 0.3, 0.9, 0.25, 0.9])).toEqual([
      ...['fired', 'not_rearmed', 'score_not_above_threshold', 'not_rearmed'],
      ...['score_not_above_threshold', 'fired'],
    ]);
  });

  test('of 1 asks for a score that is not above the threshold', () => {
    expect(reasons({ ...halved, hysteresis: 1 }, [0.9, 0.5, 0.9])).toEqual([
      ...['fired', 'score_not_above_threshold', 'fired'],
    ]);
  });

  test('ends when the user says something, or when time has passed', () => {
    expect(reasons(halved, [0.9, 0.9, { texts: ['And now?'] }, 0.9])).toEqual([
      ...['fired', 'not_rearmed', 'fired', 'not_rearmed'],
    ]);
    expect(reasons({ ...halved, rearmAfter: 1 }, [0.9, 0.9, 0.9, 0.9])).toEqual([
      ...['fired', 'not_rearmed', 'fired', 'not_rearmed'],
    ]);
  });

  test('lets speak at once when it is switched off while it holds back', () => {
    let state: TurnState = firstTurnState;
    const at = (videoTime: number, settings: Partial<TurnSettings>): string => {
      const frame = { videoTime, informative: 0.9, relevance: 0 };
      const { decision, next } = takeTurn({ ...talkative, ...settings }, state, frame);
      state = next;
      return decision.reason;
    };
    expect([at(0, halved), at(1, halved), at(2, {})]).toEqual(['fired', 'not_rearmed', 'fired']);
  });
});

describe('a budget', () => {
  test('bounds the replies of any minute, and frees a place a minute after each', () => {
    const times = [0, 10, 20, 59.5, 60, 61, 70];
    const frames = times.map((videoTime) => ({ videoTime }));
    expect(reasons({ replyBudget: 2 }, frames)).toEqual([
      ...['fired', 'fired', 'budget_spent', 'budget_spent', 'fired', 'budget_spent', 'fired'],
    ]);
  });

  test('does not count a reply that was suppressed, nor does a cooldown', () => {
    const settings = { ...talkative, replyBudget: 1, cooldown: 5 };
    const frame = { videoTime: 3, informative: 0.9, relevance: 0 };
    const { next } = takeTurn(settings, firstTurnState, frame);
    const again = { ...frame, videoTime: 3.5 };
    expect(takeTurn(settings, next, again).decision.reason).toBe('cooldown');
    expect(takeTurn(settings, unsaid(next, firstTurnState), again).decision.reason).toBe('fired');
  });
});

describe('the least change', () => {
  test('holds replies back while the picture is that of the last reply', () => {
    const changes = [null, 0, 0.0199, 0.02, 1].map((pictureChange) => ({ pictureChange }));
    expect(reasons({ leastChange: 0.02 }, changes)).toEqual([
      ...['fired', 'no_visible_change', 'no_visible_change', 'fired', 'fired'],
    ]);
  });
});

test('nothing that counts seconds is carried over to another source', () => {
  const settings = { cooldown: 100, replyBudget: 1, hysteresis: 0.1, rearmAfter: 100, talkRate: 5 };
  const { next } = takeTurn({ ...talkative, ...settings }, firstTurnState, {
    ...{ videoTime: 50, informative: 0.9, relevance: 0 },
  });
  expect(reasons(settings, [0.9], next)).toEqual(['not_rearmed']);
  expect(reasons(settings, [0.9], atNewSource(next))).toEqual(['fired']);
  expect(atNewSource(next).memory.frames).toBe(1);
});

test('by default nothing holds a reply back', () => {
  const still = { pictureChange: 0 };
  expect(new Set(reasons({}, new Array<Given>(300).fill(still)))).toEqual(new Set(['fired']));
});
