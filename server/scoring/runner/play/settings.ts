import { sessionSettings } from '../../../duet/settings.js';
import type { ModelCapabilities } from '../../../runtime/capabilities.js';
import { changedSettings, requirePolicy, type SessionChange } from '../../../settings/session-change.js';
import type { SessionSettings } from '../../../settings/session-settings.js';
import { restraintsOf, type TaskSettings } from '../../../settings/task-settings.js';
import type { Sampler } from '../../../video/sampling/sampling-options.js';
import type { SessionDemands } from '../../benchmark.js';
import type { Baseline } from './baselines.js';
import type { SeenFrames } from './frames-seen.js';

/** How every question of a run is played. Equal settings, model and videos give equal predictions. */
export interface PlaySettings {
  readonly session: SessionSettings;
  readonly sampler: Sampler;
  /** Maximum number of frames to watch; null for all. */
  readonly maxFrames: number | null;
  /** `realtime` plays at the pace of the video, so that delivery times are measured instead of computed. */
  readonly pacing: 'fast' | 'realtime';
  /** What the model sees. */
  readonly frames: SeenFrames;
  /** What replaces the model's own timing; null for nothing. */
  readonly baseline: Baseline | null;
}

/**
 * `model`: the model's recommended settings for the task; `mmduet`: the settings of MMDuet's published run.
 */
export const presetNames = ['model', 'mmduet'] as const;

/** One of {@link presetNames}. */
export type PresetName = (typeof presetNames)[number];

/** The part of a plan that says how questions are played. */
interface PlayRequest {
  readonly benchmark: { readonly session: SessionDemands };
  readonly preset?: PresetName | undefined;
  readonly session?: SessionChange | undefined;
  readonly sampler?: Sampler | undefined;
  readonly maxFrames?: number | undefined;
  readonly pacing?: PlaySettings['pacing'] | undefined;
  readonly frames?: SeenFrames | undefined;
}

/**
 * The preset's settings with the plan's changes; the baseline is chosen later. The published settings come
 * with the published sampling and prompt layout. Throws 'invalid_request' for a threshold out of range.
 */
export function playSettings(plan: PlayRequest, model: ModelCapabilities): PlaySettings {
  const { speaks } = plan.benchmark.session;
  const isPublished = plan.preset === 'mmduet';
  const { session, maxFrames } = presetSettings(plan.benchmark.session, isPublished, model);
  const change = speaks ? plan.session : silentChange(plan.session);
  const changed = {
    ...session,
    ...changedSettings(change ?? {}, session.policy, session.heads.length),
  };
  return {
    session: { ...changed, policy: requirePolicy(changed.policy) },
    sampler: plan.sampler ?? (isPublished ? 'reference' : 'timestamps'),
    maxFrames: plan.maxFrames ?? maxFrames,
    pacing: plan.pacing ?? 'fast',
    frames: plan.frames ?? 'video',
    baseline: null,
  };
}

/** If the model does not speak, a threshold belongs to scoring and not to the session. */
function silentChange({ fps, promptLayout }: SessionChange = {}): SessionChange {
  return { ...(fps !== undefined && { fps }), ...(promptLayout !== undefined && { promptLayout }) };
}

function presetSettings(
  demands: SessionDemands,
  isPublished: boolean,
  model: ModelCapabilities,
): { readonly session: SessionSettings; readonly maxFrames: number | null } {
  const { maxFrames, ...settings } = isPublished ? demands.published : recommended(demands, model);
  // MMDuet forgets nothing.
  const published = isPublished ? ({ promptLayout: 'reference', memory: 'renewed' } as const) : {};
  const session = sessionSettings(model, 'default', {
    ...settings,
    ...restraintsOf(settings),
    // What is measured is the model, not the reader beside it.
    readText: 'off',
    ...published,
  });
  return { session, maxFrames: maxFrames ?? null };
}

function recommended({ recommendedAs, speaks }: SessionDemands, model: ModelCapabilities): TaskSettings {
  const name = recommendedAs.find((candidate) => Object.hasOwn(model.recommended, candidate));
  const settings = (name === undefined ? undefined : model.recommended[name]) ?? model.recommended.default;
  return speaks ? settings : { ...settings, policy: { type: 'never' } };
}
