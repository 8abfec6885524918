import { expect, test } from 'vitest';
import { atLeastEvery } from '../../server/captioning/captioner.js';
import { firstTurnState, type TurnFrame } from '../../server/duet/policy/take-turn.js';
import { defaultSettings, type LiveSettings } from '../../server/settings/session-settings.js';

const settings: LiveSettings = {
  ...defaultSettings.live,
  ...{ heads: ['informative'], policy: { type: 'threshold', threshold: 0.5 }, cooldown: 0 },
  ...{ assistantTurns: 'remove', memory: 'renewed', window: 1, textWindow: 1, sink: 1 },
};

/** The times at which it speaks, of frames a second apart with these scores. */
function spokenAt(seconds: number, scores: readonly number[]): readonly number[] {
  let state = firstTurnState;
  const decide = atLeastEvery(seconds);
  return scores.flatMap((informative, videoTime) => {
    const frame: TurnFrame = { videoTime, informative, relevance: 0 };
    const { decision, next } = decide(settings, state, frame);
    state = next;
    return decision.answer === 'speak' ? [videoTime] : [];
  });
}

test('it speaks by its policy, and after so many seconds of silence besides', () => {
  const scores = Array.from({ length: 20 }, (_, second) => (second === 7 || second === 18 ? 1 : 0));
  expect(spokenAt(5, scores)).toEqual([5, 7, 12, 17, 18]);
  expect(spokenAt(100, scores)).toEqual([7, 18]);
});
