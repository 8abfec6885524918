import { expect, test } from 'vitest';
import { planOf } from '../../../server/cli/bench/run-bench.js';
import { playSettings, type PlaySettings } from '../../../server/scoring/runner/play/settings.js';
import { benchmarks, findBenchmark } from '../../../server/scoring/benchmarks/index.js';
import { benchFlagsOf } from '../../cli/support/bench-flags.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';

const { capabilities } = new ScriptedModel();

/** How a benchmark is played under the flags of its command. */
async function settingsUnder(named: string, args: readonly string[]): Promise<PlaySettings> {
  return playSettings(await planOf(findBenchmark(named), benchFlagsOf(named, args)), capabilities);
}

test('where only the scores of frames count nobody speaks, whatever threshold they are cut at', async () => {
  const flags = ['--window', '0', '--threshold', '0.5', '--fps', '1'];
  const { session } = await settingsUnder('charades', flags);
  expect(session).toMatchObject({ policy: { type: 'never' }, fps: 1 });
});

test('where the model speaks its threshold is that of speaking', async () => {
  expect(await settingsUnder('magqa', ['--threshold', '0.7', '--frames', 'black'])).toMatchObject({
    session: { policy: { type: 'threshold', threshold: 0.7 } },
    frames: 'black',
    baseline: null,
  });
});

test.each(benchmarks.map(({ name }) => name))(
  'the published settings of %s go with the reference layout and sampler, unless a flag says otherwise',
  async (task) => {
    const published = await settingsUnder(task, ['--preset', 'mmduet']);
    expect(published).toMatchObject({ session: { promptLayout: 'reference' }, sampler: 'reference' });
    const flags = ['--preset', 'mmduet', '--prompt-layout', 'trained', '--sampler', 'timestamps'];
    const changed = await settingsUnder(task, flags);
    expect(changed).toMatchObject({ session: { promptLayout: 'trained' }, sampler: 'timestamps' });
    const own = await settingsUnder(task, []);
    expect(own).toMatchObject({ session: { promptLayout: 'trained' }, sampler: 'timestamps' });
  },
);

test('a repetition penalty reaches the session', async () => {
  const { session } = await settingsUnder('magqa', ['--repetition-penalty', '1.2']);
  expect(session.repetitionPenalty).toBe(1.2);
});

test('the restraints that a maker recommends for a task are played, and none of another task or of MMDuet', async () => {
  const { recommended } = capabilities;
  const withTasks = {
    ...capabilities,
    recommended: {
      default: { ...recommended.default, replyBudget: 5, hysteresis: 0.5 },
      magqa: { ...recommended.default, repeatAfter: 8 },
    },
  };
  const plan = await planOf(findBenchmark('magqa'), benchFlagsOf('magqa', ['--talk-rate', '3']));
  expect(playSettings(plan, withTasks).session).toMatchObject({
    ...{ repeatAfter: 8, replyBudget: 0, hysteresis: 0, talkRate: 3 },
  });
  const published = await planOf(findBenchmark('magqa'), benchFlagsOf('magqa', ['--preset', 'mmduet']));
  expect(playSettings(published, withTasks).session).toMatchObject({
    ...{ repeatAfter: 0, replyBudget: 0, hysteresis: 0, talkRate: 0, leastChange: 0, cooldown: 0 },
  });
});

test('flags of no benchmark are refused', () => {
  expect(() => benchFlagsOf('magqa', ['--nonsense'])).toThrow(/nonsense/);
});
