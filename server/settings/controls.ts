import { pick } from './pick.js';
import { levelNumber, policyNames, policyTable, type PolicyName } from './policies.js';
import { liveSettingNames, settingTable, type LiveSettingName } from './session-settings.js';
import type { Setting } from './setting.js';
import { wireName, type WireLiveSettings, type WirePolicy } from './wire-name.js';

/**
 * The page's controls for the settings of a running session, as plain data for browsers (no zod): one for
 * each live setting that has a `control` in {@link settingTable}, in the order of the wire.
 */
export const liveControls: readonly Control[] = liveSettingNames.flatMap(controlsOf);

/** One control of the page. */
export type Control = ControlFace & (SliderControl | OptionsControl);

interface ControlFace {
  /** The setting on the wire. */
  readonly name: keyof WireLiveSettings;
  readonly label: string;
  /** What the setting means, in one line. */
  readonly help: string;
  /** Whether it is hidden under "more". */
  readonly more: boolean;
}

interface SliderControl {
  readonly type: 'slider';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** What the number counts; empty for pure numbers. */
  readonly unit: string;
}

interface OptionsControl {
  /** `choice`: one; `several`: at least one; `policy`: one, with the slider that {@link levelOf} gives. */
  readonly type: 'choice' | 'several' | 'policy';
  readonly options: readonly ControlOption[];
}

/** One option of a control. */
export interface ControlOption {
  /** The word on the wire. */
  readonly value: string;
  readonly label: string;
  /** What it means; empty if the label is enough. */
  readonly help: string;
}

/** The slider of a policy's level: the one number that people adjust. */
interface Level {
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly value: number;
}

/** What the slider means under these settings; null for a policy without a level. */
export function levelOf({ policy, heads }: Pick<WireLiveSettings, 'policy' | 'heads'>): Level | null {
  const { level } = policyTable[policy.type];
  const value = levelNumber(policy);
  if (level === null || value === null) return null;
  const { label, min, max, step } = level;
  return { label, min, max: policy.type === 'threshold' ? heads.length * max : max, step, value };
}

/** Only the live settings, such as those to carry over into another session. */
export function onlyLive(settings: WireLiveSettings): WireLiveSettings {
  return pick(settings, liveSettingNames.map(wireName));
}

/** Each policy with the numbers it starts with when chosen. */
export const startingPolicies = Object.fromEntries(
  policyNames.map((type) => [type, { type, ...onWire(policyTable[type].start) }]),
) as { readonly [Type in PolicyName]: Extract<WirePolicy, { type: Type }> };

/** Settings that the page can show. */
type Shown = Exclude<Setting, { readonly kind: 'text' }>;

function onWire(numbers: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(numbers).map(([name, number]) => [wireName(name), number]));
}

function controlsOf(name: LiveSettingName): readonly Control[] {
  const setting: Shown = settingTable[name];
  if (setting.control === undefined) return [];
  const { label, more = false } = setting.control;
  return [{ name: wireName(name), label, help: setting.help, more, ...shapeOf(setting) }];
}

function shapeOf(setting: Shown): SliderControl | OptionsControl {
  switch (setting.kind) {
    case 'number':
    case 'whole': {
      const min = 'above' in setting ? setting.smallest : setting.from;
      const { to: max = setting.to, step = 1 } = setting.control ?? {};
      return { type: 'slider', min, max, step, unit: setting.unit ?? '' };
    }
    case 'choice':
    case 'several':
      return { type: setting.kind, options: optionsOf(setting.choices) };
    case 'policy':
      return { type: 'policy', options: optionsOf(policyTable) };
    default:
      return setting satisfies never;
  }
}

function optionsOf(
  words: Readonly<Record<string, { readonly label: string; readonly help?: string }>>,
): readonly ControlOption[] {
  return Object.entries(words).map(([value, { label, help = '' }]) => ({ value, label, help }));
}
