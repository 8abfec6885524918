import { DuetError } from '../errors.js';
import { levelNumber, policyTable, withLevel } from './policies.js';
import type { PolicyName, PolicyNumber, PolicySettings } from './policies.js';
import { settingSchemas } from './schema.js';
import {
  settingNames,
  settingTable,
  type NamesWith,
  type SessionSettings,
  type SettingName,
} from './session-settings.js';
import type { NumberRange, Setting } from './setting.js';

/** Changes to a model's recommended settings, as the flags of a command express them. */
export interface SessionChange extends Partial<Pick<SessionSettings, FlaggedSetting>> {
  readonly policy?: PolicyName;
  /** The level of the policy: score, sum or deviations. */
  readonly threshold?: number;
  /** `--keep-turns`: replies stay in the model's context. */
  readonly keepTurns?: boolean;
  /** `--no-reading`: the text in the picture is not read. */
  readonly reading?: boolean;
}

/** Settings whose flag has the setting's own name and value. */
type FlaggedSetting = Exclude<NamesWith<{ readonly flag: { readonly argument: string } }>, 'policy'>;

/**
 * The settings a change asks for. `recommended` is the model's recommended policy for the task, for the given
 * number of heads. Throws 'invalid_request' for a threshold that no score can reach.
 */
export function changedSettings(
  change: SessionChange,
  recommended: PolicySettings,
  recommendedHeads = 2,
): Partial<SessionSettings> {
  const given: Readonly<Record<string, unknown>> = { ...change };
  const named = settingNames.filter((name) => name !== 'policy' && given[name] !== undefined);
  const heads = change.heads && { heads: [...new Set(change.heads)] };
  return {
    ...Object.fromEntries(named.map((name) => [name, given[name]])),
    ...heads,
    ...Object.fromEntries(settingNames.flatMap((name) => wordSetIn(given, name))),
    policy: withinRange(choosePolicy(change, recommended), heads?.heads.length ?? recommendedHeads),
  };
}

/**
 * The word that a flag without a value sets: `--keep-turns`, or `--no-reading`, which makes `reading` false.
 */
function wordSetIn(
  given: Readonly<Record<string, unknown>>,
  name: SettingName,
): readonly (readonly [SettingName, string])[] {
  const { flag }: Setting = settingTable[name];
  if (flag === undefined || !('sets' in flag)) return [];
  const [, no, kebab = ''] = /^(no-)?(.+)$/.exec(flag.sets.name) ?? [];
  const attribute = kebab.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return given[attribute] === (no === undefined) ? [[name, flag.sets.word]] : [];
}

/** The smallest and largest level of a policy. */
export function levelRange(type: PolicyName): readonly [number, number] {
  const { level, numbers } = policyTable[type];
  const number = level && Object.entries<PolicyNumber>(numbers).find(([name]) => name === level.number);
  return number ? rangeOf(number[1]) : [0, 0];
}

/** The smallest and largest number of a range. */
export function rangeOf(range: NumberRange): readonly [number, number] {
  return ['above' in range ? range.smallest : range.from, range.to];
}

/** A score is at most 1 per head; a sum grows from frame to frame, and deviations may be negative. */
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
 * `--threshold` alone keeps the recommended policy unless that is `never`; `--policy` alone keeps the
 * recommended numbers if it is the same policy.
 */
function choosePolicy({ policy, threshold }: SessionChange, recommended: PolicySettings): PolicySettings {
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

/** Returns the policy. Throws 'invalid_request', naming the number, if one is out of range. */
export function requirePolicy(policy: PolicySettings): PolicySettings {
  const issue = settingSchemas.policy.safeParse(policy).error?.issues[0];
  if (issue === undefined) return policy;
  const name = issue.path.join('.');
  const value = Object.entries<unknown>({ ...policy }).find(([key]) => key === name)?.[1];
  const given = name === '' ? '' : ` ${name} ${JSON.stringify(value)}`;
  throw new DuetError('invalid_request', `The policy ${policy.type} takes no${given}: ${issue.message}`);
}
