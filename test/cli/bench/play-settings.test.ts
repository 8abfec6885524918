import { expect, test } from 'vitest';
import { playSettings } from '../../../server/cli/bench/play-settings.js';
import { benchFlagsOf } from '../../../server/cli/bench-command.js';
import { FakeModel } from '../../support/fake-model.js';

const { description } = new FakeModel();

test('where only the scores of frames count nobody speaks, whatever threshold they are cut at', () => {
  const flags = benchFlagsOf('charades', ['--window', '0', '--threshold', '0.5', '--fps', '1']);
  const { session } = playSettings('charades', flags, description);
  expect(session).toMatchObject({ policy: { type: 'never' }, fps: 1 });
});

test('where the model speaks its threshold is that of speaking', () => {
  const flags = benchFlagsOf('magqa', ['--threshold', '0.7', '--frames', 'black']);
  expect(playSettings('magqa', flags, description)).toMatchObject({
    session: { policy: { type: 'threshold', threshold: 0.7 } },
    frames: 'black',
    baseline: null,
  });
});

test('flags of no benchmark are refused', () => {
  expect(() => benchFlagsOf('magqa', ['--nonsense'])).toThrow(/nonsense/);
});
