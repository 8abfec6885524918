import type { ModelDescription } from '../../runtime/manifest.js';
import type { BenchTask } from '../../scoring/bench/bench-task.js';
import { presetSettings, type PlaySettings } from '../../scoring/bench/settings.js';
import { settingsOf } from '../session-flags.js';
import type { RunFlags } from './bench-flags.js';

/** The preset's settings, changed by the flags. The published settings go with the published way of sampling. */
export function playSettings(task: BenchTask, flags: RunFlags, model: ModelDescription): PlaySettings {
  const { session, maxFrames } = presetSettings(task, flags.preset, model);
  return {
    session: { ...session, ...settingsOf(flags, session.policy) },
    sampler: flags.sampler ?? (flags.preset === 'mmduet' ? 'reference' : 'timestamps'),
    maxFrames: flags.maxFrames ?? maxFrames,
    pacing: flags.realtime === true ? 'realtime' : 'fast',
  };
}
