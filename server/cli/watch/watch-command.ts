import { Command, Option } from 'commander';
import { budgetOf } from '../../config.js';
import { DuetError } from '../../errors.js';
import { toWire } from '../../records/wire-event.js';
import { addModelOptions, configOf } from '../flags/config-flags.js';
import { oneLine } from '../terminal/exit-code.js';
import { onInterruption } from '../terminal/interruption.js';
import { suitedPlace } from '../flags/suited-place.js';
import {
  addLayoutOption,
  addMemoryOptions,
  addSamplingOptions,
  addTurnOptions,
  type SessionFlags,
} from '../flags/session-flags.js';
import { wholeBetween } from '../flags/number-flags.js';
import { namedPath } from '../flags/path-flag.js';
import { collectAsk, collectAskAt, collectQuestion, type Ask, type AskedQuestion } from './ask.js';
import { whereTo } from '../../runtime/capabilities.js';
import type { FoundSource } from './find-source.js';
import { Printer } from './printer.js';
import type { WatchOutput, WatchPlan } from './run-watch.js';
import { TranscriptView } from './transcript-view.js';

interface Flags extends SessionFlags, Record<string, unknown> {
  readonly ask?: readonly Ask[];
  readonly askAt?: readonly Ask[];
  readonly question?: readonly AskedQuestion[];
  readonly task: string;
  readonly record?: string;
  readonly json?: true;
  readonly realtime?: true;
  readonly maxReconnects?: number;
  readonly transport?: 'tcp' | 'udp';
}

const examples = `
Examples:
  duet watch                                        the first bundled sample, with its question
  duet watch kitchen --ask "What happens?" --json   one event a line
  duet watch kitchen --ask-at 4.5:"And now?" --realtime
  duet watch rtsp://user:password@192.168.1.20/stream --ask "Who is at the door?"
  duet watch ingest:rtmp                            what OBS pushes to this machine
  duet watch kitchen --record records               then: duet replay records/...
  duet watch talk.mp4 --ask-at 1:30:"What is on the slide?"`;

/** `duet watch`: a video and a conversation in the terminal. */
export function watchCommand(): Command {
  const command = new Command('watch')
    .description('watch a video and print what the model says, when it says it')
    .argument('[source]', 'video file, address, or name of a bundled sample (default: the first sample)')
    .option('--ask <text>', 'say something at the start; may be repeated', collectAsk)
    .option(
      '--ask-at <time:text>',
      'say something at a time of the video (90, 1:30); may be repeated',
      collectAskAt,
    )
    .option(
      '--question <[threshold:]text>',
      'watch for something until the end, each in a context of its own; may be repeated (0.3:"A dog?")',
      collectQuestion,
    )
    .option(
      '--record <folder>',
      'keep the record of the session in this folder, for duet replay; off keeps none',
      namedPath,
    )
    .option('--json', 'print one event of the protocol a line, and nothing else')
    .option('--realtime', 'at the pace of the video instead of as fast as the model goes')
    .option(
      '--max-reconnects <number>',
      'attempts in a row to connect again to a live source (default: without end)',
      wholeBetween(0, 1e6),
    )
    .addOption(
      new Option('--transport <transport>', 'how RTSP sends its pictures (default: tcp)').choices([
        'tcp',
        'udp',
      ]),
    )
    .option('--task <task>', "the model's recommended settings for this task", 'default');
  addMemoryOptions(addSamplingOptions(addLayoutOption(addTurnOptions(addModelOptions(command))))).addHelpText(
    'after',
    examples,
  );
  return command.action(watch);
}

async function watch(named: string | undefined, flags: Flags): Promise<void> {
  const config = await configOf(flags);
  // Imported here, so that help does not wait for the runtime.
  const { openModel } = await import('../../runtime/find-model.js');
  const { runWatch } = await import('./run-watch.js');
  const { expectSender } = await import('./expect-sender.js');
  await using expected = await expectSender(named, warn);
  const plan = await planOf(named, expected?.found, flags, config.allowBundledFfmpeg);
  const interruption = onInterruption();
  const printer = new Printer(process.stdout);
  const view = new TranscriptView({ terminal: process.stdout.isTTY });
  const render: WatchOutput['render'] =
    flags.json === true ? (event) => `${JSON.stringify(toWire(event))}\n` : (event) => view.render(event);
  try {
    const signal = AbortSignal.any([interruption.signal, printer.gone]);
    const place = await suitedPlace(config, plan.found.footage);
    const options = { workers: config.workers, budget: budgetOf(config), onWarning: warn };
    await using model = await openModel(place, options, signal);
    const where = whereTo(model.capabilities);
    if (where !== null) warn(`${model.capabilities.name}: ${where}`);
    await runWatch(plan, model, { printer, render, warn }, signal);
    interruption.signal.throwIfAborted();
  } catch (thrown) {
    if (interruption.signal.aborted) throw new DuetError('cancelled', 'interrupted', { cause: thrown });
    if (!printer.gone.aborted) throw thrown;
  } finally {
    interruption.stop();
  }
}

async function planOf(
  named: string | undefined,
  pushed: FoundSource | undefined,
  flags: Flags,
  allowBundledFfmpeg: boolean,
): Promise<WatchPlan> {
  const { bundledSamples } = await import('../../main.js');
  const { findSource } = await import('./find-source.js');
  const found = pushed ?? (await findSource(named, bundledSamples, flags.transport));
  const asked = [...(flags.ask ?? []), ...(flags.askAt ?? [])];
  const { question: questions = [] } = flags;
  const isAsked = asked.length + questions.length > 0;
  const suggested = named === undefined ? (found.sample?.questions.slice(0, 1) ?? []) : [];
  const { task, sampler, maxFrames, realtime, maxReconnects } = flags;
  return {
    found,
    task,
    flags,
    asks: isAsked ? asked : suggested,
    questions,
    sampling: {
      sampler,
      pacing: realtime === true ? 'realtime' : 'fast',
      ...(maxFrames !== undefined && { maxFrames }),
    },
    ...(maxReconnects !== undefined && { maxReconnects }),
    ...(flags.record !== undefined && flags.record !== 'off' && { record: flags.record }),
    allowBundledFfmpeg,
  };
}

function warn(message: string): void {
  process.stderr.write(`duet: ${oneLine(message)}\n`);
}
