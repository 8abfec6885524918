import { sessionSettings } from '../../duet/settings.js';
import type { ModelCapabilities } from '../../runtime/capabilities.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import type { TaskSettings } from '../../settings/task-settings.js';
import type { Sampler } from '../../video/sampling/sampling-options.js';
import type { Baseline } from './baselines/baseline.js';
import type { SessionDemands } from '../benchmark.js';
import type { SeenFrames } from './frames/seen-frames.js';

/**
 * `model`: what the model's maker recommends for the task; `mmduet`: the settings of MMDuet's published run.
 */
export const presetNames = ['model', 'mmduet'] as const;

/** One of {@link presetNames}. */
export type PresetName = (typeof presetNames)[number];

/** How every question of a run is played. Equal settings, model and videos give equal predictions. */
export interface PlaySettings {
  readonly session: SessionSettings;
  readonly sampler: Sampler;
  /** Most frames looked at; null for all. */
  readonly maxFrames: number | null;
  /** `realtime` plays at the pace of the video, so that delivery is measured instead of reckoned. */
  readonly pacing: 'fast' | 'realtime';
  /** What the model sees. */
  readonly frames: SeenFrames;
  /** What stands in the place of the model's own timing; null for nothing. */
  readonly baseline: Baseline | null;
}

/** What a preset and a model come to: the session's settings, and the most frames to look at. */
export function presetSettings(
  demands: SessionDemands,
  preset: PresetName,
  model: ModelCapabilities,
): { readonly session: SessionSettings; readonly maxFrames: number | null } {
  const published = preset === 'mmduet';
  const { maxFrames, ...settings } = published ? demands.published : recommended(demands, model);
  const layout = published ? ({ promptLayout: 'reference' } as const) : {};
  const session = sessionSettings(model, 'default', { ...settings, ...layout });
  return { session, maxFrames: maxFrames ?? null };
}

function recommended({ recommendedAs, speaks }: SessionDemands, model: ModelCapabilities): TaskSettings {
  const name = recommendedAs.find((candidate) => Object.hasOwn(model.recommended, candidate));
  const settings = (name === undefined ? undefined : model.recommended[name]) ?? model.recommended.default;
  return speaks ? settings : { ...settings, policy: { type: 'never' } };
}
