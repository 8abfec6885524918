import { Command, Option } from 'commander';
import { bundledSamples, openModel } from '../main.js';
import { DuetError } from '../errors.js';
import { toWire } from '../transport/wire.js';
import type { SamplingOptions } from '../video/stream.js';
import { addModelOptions, configOf } from './config-options.js';
import { oneLine } from './exit-code.js';
import { onInterruption } from './interruption.js';
import { collectAsk, collectAskAt, type Ask } from './watch/ask.js';
import { findSource } from './watch/find-source.js';
import { numberBetween, wholeBetween } from './watch/number-option.js';
import { Printer } from './watch/printer.js';
import { runWatch, type WatchPlan } from './watch/run-watch.js';
import { TranscriptView } from './watch/transcript-view.js';
import type { WatchFlags } from './watch/watch-settings.js';

interface Flags extends WatchFlags, Record<string, unknown> {
  readonly ask?: readonly Ask[];
  readonly askAt?: readonly Ask[];
  readonly task: string;
  readonly json?: true;
  readonly realtime?: true;
  readonly sampler: SamplingOptions['sampler'];
  readonly maxFrames?: number;
}

const examples = `
Examples:
  duet watch                                      the first bundled sample, with its question
  duet watch beach --ask "What happens?" --json   one event a line
  duet watch beach --ask-at 4.5:"And now?" --realtime`;

/** `duet watch`: a video and a conversation in the terminal. */
export function watchCommand(): Command {
  const command = new Command('watch')
    .description('watch a video and print what the model says, when it says it')
    .argument('[source]', 'video file, address, or name of a bundled sample (default: the first sample)')
    .option('--ask <text>', 'say something at the start; may be repeated', collectAsk)
    .option('--ask-at <seconds:text>', 'say something at a time of the video; may be repeated', collectAskAt)
    .option('--json', 'print one event of the protocol a line, and nothing else')
    .option('--realtime', 'at the pace of the video instead of as fast as the model goes');
  addSessionOptions(addModelOptions(command)).addHelpText('after', examples);
  return command.action(watch);
}

function addSessionOptions(command: Command): Command {
  return command
    .option('--task <task>', "the model's recommended settings for this task", 'default')
    .option('--fps <number>', 'frames a second to look at', numberBetween(0.001, 60))
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
    .option('--max-frames <number>', 'stop after so many frames', wholeBetween(1, 1e9))
    .addOption(
      new Option('--sampler <sampler>', 'how frames are chosen')
        .choices(['timestamps', 'grid', 'reference'])
        .default('timestamps'),
    );
}

async function watch(named: string | undefined, flags: Flags): Promise<void> {
  const config = await configOf(flags);
  const plan = await planOf(named, flags, config.allowBundledFfmpeg);
  const interruption = onInterruption();
  const printer = new Printer(process.stdout);
  const view = new TranscriptView({ terminal: process.stdout.isTTY });
  const render: Parameters<typeof runWatch>[2]['render'] =
    flags.json === true ? (event) => `${JSON.stringify(toWire(event))}\n` : (event) => view.render(event);
  try {
    const signal = AbortSignal.any([interruption.signal, printer.gone]);
    await using model = await openModel(config, warn, signal);
    await runWatch(plan, model, { printer, render }, signal);
    if (interruption.signal.aborted) throw new DuetError('cancelled', 'interrupted');
  } catch (thrown) {
    if (!printer.gone.aborted) throw thrown;
  } finally {
    interruption.stop();
  }
}

async function planOf(
  named: string | undefined,
  flags: Flags,
  allowBundledFfmpeg: boolean,
): Promise<WatchPlan> {
  const found = await findSource(named, bundledSamples);
  const asked = [...(flags.ask ?? []), ...(flags.askAt ?? [])];
  const suggested = named === undefined ? (found.sample?.questions.slice(0, 1) ?? []) : [];
  const { task, sampler, maxFrames, realtime } = flags;
  return {
    found,
    task,
    flags,
    asks: asked.length > 0 ? asked : suggested,
    sampling: {
      sampler,
      pacing: realtime === true ? 'realtime' : 'fast',
      ...(maxFrames !== undefined && { maxFrames }),
    },
    allowBundledFfmpeg,
  };
}

function warn(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
