import { Option, type Command } from 'commander';
import { policyNames } from '../../settings/policies.js';
import { levelRange, rangeOf, type SessionChange } from '../../settings/session-change.js';
import { settingNames, settingTable } from '../../settings/session-settings.js';
import type { Setting, SettingFlag } from '../../settings/setting.js';
import { samplerNames, type Sampler } from '../../video/sampling/sampling-options.js';
import { numberBetween, wholeBetween } from './number-flags.js';

/** Flags that shape a session. */
export interface SessionFlags extends SessionChange {
  readonly maxFrames?: number;
  readonly sampler?: Sampler;
}

/** Adds the flags for sampling. */
export function addSamplingOptions(command: Command): Command {
  return addFlags(command, 'sampling')
    .option('--max-frames <number>', 'stop after so many frames', wholeBetween(1, 1e9))
    .addOption(
      new Option(
        '--sampler <sampler>',
        'how frames are chosen (default: timestamps; grid where the source is live)',
      ).choices(samplerNames),
    );
}

/** Adds the flag for the prompt's layout. */
export function addLayoutOption(command: Command): Command {
  return addFlags(command, 'layout');
}

/** Adds the flags for what is remembered. */
export function addMemoryOptions(command: Command): Command {
  return addFlags(command, 'memory');
}

/** Adds the flags for when and how the assistant speaks. */
export function addTurnOptions(command: Command): Command {
  return addFlags(command, 'speaking');
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

/** One flag for the level of any policy. */
function levelOption(): Option {
  const ranges = policyNames.map((name) => levelRange(name));
  const least = Math.min(...ranges.map(([from]) => from));
  const most = Math.max(...ranges.map(([, to]) => to));
  const help = 'score, sum or deviations above which it speaks';
  return new Option('--threshold <number>', help).argParser(numberBetween(least, most));
}
