import { describe, expect, test } from 'vitest';
import {
  repliesUnder,
  sharedRunSettings,
  whySeparateRuns,
  withThreshold,
} from '../../../server/scoring/runner/runs/thresholds.js';
import { playRandomly, playSettings, questions } from './recorded-run.js';

const thresholds = [0.2, 0.5, 0.9, 1.3, 1.9];

describe.each([
  ['threshold', playSettings({ policy: { type: 'threshold', threshold: 1 } })],
  ['threshold with a cooldown', playSettings({ policy: { type: 'threshold', threshold: 1 }, cooldown: 2.5 })],
  ['zscore', playSettings({ policy: { type: 'zscore', deviations: 1, window: 10, warmUp: 3 }, cooldown: 1 })],
] as const)('under the policy %s', (_name, settings) => {
  const talkative = { ...settings, session: sharedRunSettings(settings.session, thresholds) };

  test.each(questions(8))(
    'the most talkative run of $questionId holds what every threshold says',
    (question) => {
      const recorded = playRandomly(question, talkative);
      for (const threshold of thresholds) {
        const session = withThreshold(settings.session, threshold);
        const direct = playRandomly(question, { ...settings, session });
        expect(repliesUnder(session, { question, played: recorded }).replies).toEqual(direct.replies);
      }
    },
  );
});

test('settings that speak where the recorded run was silent are an error, not a shorter list', () => {
  const [question] = questions(1);
  if (question === undefined) throw new Error('no question');
  const { session } = playSettings({ policy: { type: 'threshold', threshold: 1 } });
  const recorded = playRandomly(question, playSettings({ policy: { type: 'threshold', threshold: 1.5 } }));
  expect(() => repliesUnder(session, { question, played: recorded })).toThrow(/is silent at/);
});

test.each([
  [{ assistantTurns: 'keep' }, /stay in the context/],
  [{ repetitionPenalty: 1.1 }, /repetition penalty/],
  [{ policy: { type: 'sum', threshold: 2 } }, /sum restarts/],
  [{ talkRate: 3 }, /talk rate moves/],
  [{ leastChange: 0.1 }, /compared with that of the last reply/],
  [{ repeatWords: 8 }, /broken off by what was told/],
] as const)('%j needs a run for each threshold', (change, reason) => {
  expect(whySeparateRuns(playSettings(change).session)).toMatch(reason);
});

test('removed turns under a threshold need one run only', () => {
  expect(whySeparateRuns(playSettings().session)).toBeNull();
});
