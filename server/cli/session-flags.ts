import { Option, type Command } from 'commander';
import { DuetError } from '../errors.js';
import { levelNumber, policyNames, policyTable, withLevel } from '../settings/policies.js';
import type { PolicyName, PolicyNumber, PolicySettings } from '../settings/policies.js';
import { settingNames, settingTable } from '../settings/session-settings.js';
import type { NamesWith, SessionSettings } from '../settings/session-settings.js';
import type { NumberRange, Setting, SettingFlag } from '../settings/setting.js';
import type { Sampler } from '../video/sampling/sampling-options.js';
import { numberBetween, wholeBetween } from './number-option.js';

/** Flags that shape a session. */
export interface SessionFlags extends Partial<Pick<SessionSettings, FlaggedSetting>> {
  readonly policy?: PolicyName;
  /** The level of the policy: score, sum or deviations. */
  readonly threshold?: number;
  readonly keepTurns?: true;
  readonly maxFrames?: number;
  readonly sampler?: Sampler;
}

/** Settings whose flag has their name and takes their value. */
type FlaggedSetting = Exclude<NamesWith<{ readonly flag: { readonly argument: string } }>, 'policy'>;

/** Adds the flags of what is looked at. */
export function addSamplingOptions(command: Command): Command {
  return addFlags(command, 'sampling')
    .option('--max-frames <number>', 'stop after so many frames', wholeBetween(1, 1e9))
    .addOption(
      new Option(
        '--sampler <sampler>',
        'how frames are chosen (default: timestamps; grid where the source is live)',
      ).choices(['timestamps', 'grid', 'reference']),
    );
}

/** Adds the flag for the prompt's layout. */
export function addLayoutOption(command: Command): Command {
  return addFlags(command, 'layout');
}

/** Adds the flags of when and how the assistant speaks. */
export function addTurnOptions(command: Command): Command {
  return addFlags(command, 'speaking');
}

/**
 * The settings that the flags ask for; `recommended` is what the model's maker recommends for the task, by
 * the scores of so many heads. Throws 'invalid_request' for a threshold that no score can reach.
 */
export function settingsFromFlags(
  flags: SessionFlags,
  recommended: PolicySettings,
  recommendedHeads = 2,
): Partial<SessionSettings> {
  const given: Readonly<Record<string, unknown>> = { ...flags };
  const named = settingNames.filter((name) => name !== 'policy' && given[name] !== undefined);
  const heads = flags.heads && { heads: [...new Set(flags.heads)] };
  return {
    ...Object.fromEntries(named.map((name) => [name, given[name]])),
    ...heads,
    ...(flags.keepTurns && { assistantTurns: 'keep' }),
    policy: withinRange(choosePolicy(flags, recommended), heads?.heads.length ?? recommendedHeads),
  };
}

function addFlags(command: Command, group: SettingFlag['group']): Command {
  const flagged = settingNames.flatMap((name) => {
    const setting: Setting = settingTable[name];
    return setting.flag?.group === group ? [{ name, setting, flag: setting.flag }] : [];
  });
  for (const { name, setting, flag } of flagged.sort((one, other) => one.flag.place - other.flag.place)) {
    command.addOption(optionOf(name, setting, flag));
    if (setting.kind === 'policy') command.addOption(levelOption());
  }
  return command;
}

function optionOf(name: string, setting: Setting, flag: SettingFlag): Option {
  if ('sets' in flag) return new Option(`--${flag.sets.name}`, flag.help);
  const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const option = new Option(`--${kebab} ${flag.argument}`, flag.help);
  switch (setting.kind) {
    case 'number':
      return option.argParser(numberBetween(...rangeOf(setting)));
    case 'whole':
      return option.argParser(wholeBetween(...rangeOf(setting)));
    case 'choice':
    case 'several':
      return option.choices(Object.keys(setting.choices));
    case 'policy':
      return option.choices(policyNames);
    case 'text':
      return option;
    default:
      return setting satisfies never;
  }
}

/** One flag for the level of whichever policy. */
function levelOption(): Option {
  const ranges = policyNames.map((name) => levelRange(name));
  const least = Math.min(...ranges.map(([from]) => from));
  const most = Math.max(...ranges.map(([, to]) => to));
  const help = 'score, sum or deviations above which it speaks';
  return new Option('--threshold <number>', help).argParser(numberBetween(least, most));
}

function levelRange(type: PolicyName): readonly [number, number] {
  const { level, numbers } = policyTable[type];
  const number = level && Object.entries<PolicyNumber>(numbers).find(([name]) => name === level.number);
  return number ? rangeOf(number[1]) : [0, 0];
}

function rangeOf(range: NumberRange): readonly [number, number] {
  return ['above' in range ? range.smallest : range.from, range.to];
}

/** A score is at most 1 a head; a sum grows from frame to frame, and deviations go both ways. */
function withinRange(policy: PolicySettings, heads: number): PolicySettings {
  const level = levelNumber(policy);
  const [least, highest] = levelRange(policy.type);
  const most = policy.type === 'threshold' ? heads : highest;
  if (level === null || (level >= least && level <= most)) return policy;
  const scores = policy.type === 'threshold' ? ` (a score is at most 1, and ${heads} added up)` : '';
  throw new DuetError(
    'invalid_request',
    `--threshold ${level}: the policy ${policy.type} takes a number from ${least} to ${most}${scores}`,
  );
}

/**
 * `--threshold` alone keeps the recommended policy where that has one; `--policy` alone keeps the recommended
 * number.
 */
function choosePolicy({ policy, threshold }: SessionFlags, recommended: PolicySettings): PolicySettings {
  const silent = recommended.type === 'never' && threshold !== undefined;
  const type = policy ?? (silent ? 'threshold' : recommended.type);
  if (threshold !== undefined && policyTable[type].level === null)
    throw new DuetError('invalid_request', `The policy ${type} does not use --threshold: leave it out`);
  const begun = recommended.type === type ? recommended : { type, ...defaultsOf(type) };
  const chosen = threshold === undefined ? begun : withLevel(begun, threshold);
  if (isComplete(chosen)) return chosen;
  throw new DuetError('invalid_request', `The policy ${type} needs a --threshold`);
}

function defaultsOf(type: PolicyName): Readonly<Record<string, number>> {
  const numbers = Object.entries<PolicyNumber>(policyTable[type].numbers);
  return Object.fromEntries(
    numbers.flatMap(([name, number]) => (number.default === undefined ? [] : [[name, number.default]])),
  );
}

function isComplete(
  policy: { readonly type: PolicyName } & Readonly<Record<string, unknown>>,
): policy is PolicySettings {
  return Object.keys(policyTable[policy.type].numbers).every((name) => policy[name] !== undefined);
}
