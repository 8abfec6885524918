import { expect, test } from 'vitest';
import { playSettings } from '../../../server/cli/bench/play-settings.js';
import { benchFlagsOf } from '../../../server/cli/bench/bench-command.js';
import { benchmarks, findBenchmark } from '../../../server/scoring/benchmarks/index.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';

const { capabilities } = new ScriptedModel();

test('where only the scores of frames count nobody speaks, whatever threshold they are cut at', () => {
  const flags = benchFlagsOf('charades', ['--window', '0', '--threshold', '0.5', '--fps', '1']);
  const { session } = playSettings(findBenchmark('charades'), flags, capabilities);
  expect(session).toMatchObject({ policy: { type: 'never' }, fps: 1 });
});

test('where the model speaks its threshold is that of speaking', () => {
  const flags = benchFlagsOf('magqa', ['--threshold', '0.7', '--frames', 'black']);
  expect(playSettings(findBenchmark('magqa'), flags, capabilities)).toMatchObject({
    session: { policy: { type: 'threshold', threshold: 0.7 } },
    frames: 'black',
    baseline: null,
  });
});

test.each(benchmarks.map(({ name }) => name))(
  'the published settings of %s go with the reference layout and sampler, unless a flag says otherwise',
  (task) => {
    const published = playSettings(
      findBenchmark(task),
      benchFlagsOf(task, ['--preset', 'mmduet']),
      capabilities,
    );
    expect(published).toMatchObject({ session: { promptLayout: 'reference' }, sampler: 'reference' });
    const flags = ['--preset', 'mmduet', '--prompt-layout', 'trained', '--sampler', 'timestamps'];
    const changed = playSettings(findBenchmark(task), benchFlagsOf(task, flags), capabilities);
    expect(changed).toMatchObject({ session: { promptLayout: 'trained' }, sampler: 'timestamps' });
    const own = playSettings(findBenchmark(task), benchFlagsOf(task, []), capabilities);
    expect(own).toMatchObject({ session: { promptLayout: 'trained' }, sampler: 'timestamps' });
  },
);

test('a repetition penalty reaches the session', () => {
  const flags = benchFlagsOf('magqa', ['--repetition-penalty', '1.2']);
  expect(playSettings(findBenchmark('magqa'), flags, capabilities).session.repetitionPenalty).toBe(1.2);
});

test('flags of no benchmark are refused', () => {
  expect(() => benchFlagsOf('magqa', ['--nonsense'])).toThrow(/nonsense/);
});
