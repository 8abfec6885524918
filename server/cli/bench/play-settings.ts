import type { ModelCapabilities } from '../../runtime/capabilities.js';
import type { Benchmark, SessionDemands } from '../../scoring/benchmark.js';
import { presetSettings, type PlaySettings } from '../../scoring/runner/settings.js';
import { requirePolicy } from '../../scoring/runner/sweep.js';
import { settingsFromFlags, type SessionFlags } from '../session-flags.js';
import type { RunFlags } from './bench-flags.js';

/**
 * The preset's settings, changed by the flags; which baseline they mean is found out later. The published
 * settings go with the published way of sampling and of laying out the prompt. Throws 'invalid_request' for a
 * threshold out of its range.
 */
export function playSettings(
  { session: demands }: Benchmark,
  flags: RunFlags,
  model: ModelCapabilities,
): PlaySettings {
  const { session, maxFrames } = presetSettings(demands, flags.preset, model);
  const changed = {
    ...session,
    ...settingsFromFlags(sessionFlags(demands, flags), session.policy, session.heads.length),
  };
  return {
    session: { ...changed, policy: requirePolicy(changed.policy) },
    sampler: flags.sampler ?? (flags.preset === 'mmduet' ? 'reference' : 'timestamps'),
    maxFrames: flags.maxFrames ?? maxFrames,
    pacing: flags.realtime === true ? 'realtime' : 'fast',
    frames: flags.frames ?? 'video',
    baseline: null,
  };
}

/** Where nobody speaks, `--threshold` is one of scoring. */
function sessionFlags({ speaks }: SessionDemands, flags: RunFlags): SessionFlags {
  if (speaks) return flags;
  const { fps, promptLayout } = flags;
  return { ...(fps !== undefined && { fps }), ...(promptLayout !== undefined && { promptLayout }) };
}
