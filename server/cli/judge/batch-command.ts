import { Command, Option } from 'commander';
import type { BatchManifest, BatchState } from '../../scoring/judges/batch/batch-folder.js';
import { benchmarks } from '../../scoring/benchmarks/index.js';
import { modeOption } from '../flags/report-flags.js';
import { untilInterrupted } from '../terminal/interruption.js';
import {
  addJudgeOptions,
  positiveSeconds,
  type BatchApplyFlags,
  type BatchCreateFlags,
  type JudgeFlags,
} from './judge-flags.js';

type Print = (text: string) => void;

/** Names and aliases of the benchmarks that are judged. */
const judgedTasks = benchmarks
  .filter(({ judging }) => judging !== null)
  .flatMap(({ name, aliases }) => [name, ...aliases]);

/** `duet judge batch <step>`: judges through the batch API. Every step may be repeated. */
export function batchCommand(print: Print): Command {
  return new Command('batch')
    .description('judge through the batch API, at half the price and within a day')
    .addCommand(createCommand(print))
    .addCommand(submitCommand(print))
    .addCommand(statusCommand(print))
    .addCommand(fetchCommand(print))
    .addCommand(applyCommand(print));
}

function createCommand(print: Print): Command {
  return addJudgeOptions(stepCommand('create'))
    .description('write the request files')
    .addOption(new Option('--task <name>').choices(judgedTasks).default('magqa'))
    .requiredOption('--pred <file>', 'predictions, one JSON object a line')
    .requiredOption('--gold <file>', 'annotations')
    .addOption(modeOption())
    .option('--skip-unknown', 'leave predictions without annotation out instead of failing')
    .option('--concat', 'judge the replies of an example as one')
    .action(async (folder: string, flags: BatchCreateFlags) => {
      // Imported in the actions, so that help does not wait for the client of the service.
      const { create } = await import('./batch-steps.js');
      const { files } = await create(folder, flags);
      print(
        files.map(({ name, requests, bytes }) => `${name}: ${requests} requests, ${bytes} bytes`).join('\n'),
      );
    });
}

function submitCommand(print: Print): Command {
  return addJudgeOptions(stepCommand('submit'))
    .description('upload the request files and create their batches')
    .option('--again', 'submit again, and pay again, whole files that failed, expired or were cancelled')
    .action(async (folder: string, flags: JudgeFlags & { readonly again?: true }) => {
      const { submit } = await import('./batch-steps.js');
      const { manifest, state } = await untilInterrupted((signal) => submit(folder, flags, signal));
      print(describeState(manifest, state));
    });
}

function statusCommand(print: Print): Command {
  return addJudgeOptions(stepCommand('status'))
    .description('ask how far the batches are')
    .option('--wait', 'until all have ended')
    .option('--every <seconds>', 'between two questions while waiting', positiveSeconds, 60)
    .action(async (folder: string, flags: JudgeFlags & { readonly wait?: true; readonly every: number }) => {
      const { status } = await import('./batch-steps.js');
      const { manifest, state } = await untilInterrupted((signal) => status(folder, flags, signal));
      print(describeState(manifest, state));
    });
}

function fetchCommand(print: Print): Command {
  return addJudgeOptions(stepCommand('fetch'))
    .description('download what has ended')
    .action(async (folder: string, flags: JudgeFlags) => {
      const { fetchResults } = await import('./batch-steps.js');
      const fetched = await untilInterrupted((signal) => fetchResults(folder, flags, signal));
      print(fetched.length === 0 ? 'nothing new' : fetched.join('\n'));
    });
}

function applyCommand(print: Print): Command {
  return addJudgeOptions(stepCommand('apply'))
    .description('put the replies into a recording, the cache and a judged file')
    .option('--record <file>', 'recording to write on (default: replies.jsonl in the folder)')
    .option('-o, --output <file>', 'judged file')
    .action(async (folder: string, flags: BatchApplyFlags) => {
      const { apply } = await import('./batch-steps.js');
      print(await untilInterrupted((signal) => apply(folder, flags, signal)));
    });
}

function stepCommand(name: string): Command {
  return new Command(name).argument('<folder>', 'of the batch');
}

function describeState({ files }: BatchManifest, state: BatchState): string {
  const lines = files.map(({ name, requests }) => {
    const { status, batch_id: id } = state[name] ?? { status: null, batch_id: null };
    return `${name}: ${requests} requests, ${status ?? 'not submitted'}${id === null ? '' : ` (${id})`}`;
  });
  return lines.join('\n');
}
