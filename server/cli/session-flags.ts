import { Option, type Command } from 'commander';
import type { SessionSettings } from '../duet/settings.js';
import { DuetError } from '../errors.js';
import type { PolicySettings } from '../runtime/settings.js';
import type { Sampler } from '../video/stream.js';
import { numberBetween, wholeBetween } from './number-option.js';

/** Flags that shape a session. */
export interface SessionFlags {
  readonly fps?: number;
  readonly heads?: SessionSettings['heads'];
  readonly policy?: PolicySettings['type'];
  readonly threshold?: number;
  readonly cooldown?: number;
  readonly keepTurns?: true;
  readonly maxReplyTokens?: number;
  readonly maxFrames?: number;
  readonly sampler?: Sampler;
  readonly promptLayout?: SessionSettings['promptLayout'];
  readonly repetitionPenalty?: number;
}

/** Adds the flags of what is looked at. */
export function addSamplingOptions(command: Command): Command {
  return command
    .option('--fps <number>', 'frames a second to look at', numberBetween(0.001, 60))
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
  return command.addOption(
    new Option(
      '--prompt-layout <layout>',
      "chat markup: as in training, or as MMDuet's inference code has it (default: the model's)",
    ).choices(['trained', 'reference']),
  );
}

/** Adds the flags of when and how the assistant speaks. */
export function addTurnOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--policy <policy>', 'when to speak').choices(['threshold', 'sum', 'zscore', 'never']),
    )
    .option(
      '--threshold <number>',
      'score, sum or deviations above which it speaks',
      numberBetween(-100, 1000),
    )
    .addOption(new Option('--heads <head...>', 'scores to add up').choices(['informative', 'relevance']))
    .option('--cooldown <seconds>', 'least time between replies', numberBetween(0, 86_400))
    .option('--keep-turns', "keep replies in the model's context")
    .option('--max-reply-tokens <number>', 'longest reply', wholeBetween(1, 4096))
    .option(
      '--repetition-penalty <number>',
      'above 1 makes tokens that were said before less likely',
      numberBetween(0.01, 10),
    );
}

/** How far `zscore` looks back, and for how many frames it listens first. */
const zscoreDefaults = { deviations: 2, window: 60, warmUp: 10 };

/**
 * The settings that the flags ask for; `recommended` is what the model's maker recommends for the task, by
 * the scores of so many heads. Throws 'invalid_request' for a threshold that no score can reach.
 */
export function settingsOf(
  flags: SessionFlags,
  recommended: PolicySettings,
  recommendedHeads = 2,
): Partial<SessionSettings> {
  const { fps, heads, cooldown, maxReplyTokens, promptLayout, repetitionPenalty } = flags;
  return {
    ...(fps !== undefined && { fps }),
    ...(heads !== undefined && { heads: [...new Set(heads)] }),
    ...(cooldown !== undefined && { cooldown }),
    ...(maxReplyTokens !== undefined && { maxReplyTokens }),
    ...(promptLayout !== undefined && { promptLayout }),
    ...(repetitionPenalty !== undefined && { repetitionPenalty }),
    ...(flags.keepTurns && { assistantTurns: 'keep' as const }),
    policy: withinRange(
      choosePolicy(flags, recommended),
      heads === undefined ? recommendedHeads : new Set(heads).size,
    ),
  };
}

/** A score is at most 1 a head; a sum grows from frame to frame, and deviations go both ways. */
function withinRange(policy: PolicySettings, heads: number): PolicySettings {
  const threshold =
    policy.type === 'zscore' ? policy.deviations : policy.type === 'never' ? 0 : policy.threshold;
  const [least, most] = { threshold: [0, heads], sum: [0, 1000], zscore: [-100, 100], never: [0, 0] }[
    policy.type
  ];
  if (threshold >= (least ?? 0) && threshold <= (most ?? 0)) return policy;
  const scores = policy.type === 'threshold' ? ` (a score is at most 1, and ${heads} added up)` : '';
  const range = `from ${least} to ${most}${scores}`;
  throw new DuetError(
    'invalid_request',
    `--threshold ${threshold}: the policy ${policy.type} takes a number ${range}`,
  );
}

/**
 * `--threshold` alone keeps the recommended policy where that has one; `--policy` alone keeps the recommended
 * number.
 */
function choosePolicy({ policy, threshold }: SessionFlags, recommended: PolicySettings): PolicySettings {
  const type =
    policy ?? (threshold !== undefined && recommended.type === 'never' ? 'threshold' : recommended.type);
  switch (type) {
    case 'never':
      if (threshold !== undefined)
        throw new DuetError('invalid_request', 'The policy never takes no --threshold');
      return { type };
    case 'zscore': {
      const numbers = recommended.type === 'zscore' ? recommended : zscoreDefaults;
      return { ...numbers, type, deviations: threshold ?? numbers.deviations };
    }
    case 'threshold':
    case 'sum':
      if (threshold !== undefined) return { type, threshold };
      if (recommended.type === type) return recommended;
      throw new DuetError('invalid_request', `The policy ${type} needs a --threshold`);
    default:
      return type satisfies never;
  }
}
