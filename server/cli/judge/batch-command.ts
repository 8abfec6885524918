import { setTimeout as pause } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { DuetError } from '../../errors.js';
import {
  readManifest,
  type BatchManifest,
  type BatchState,
} from '../../scoring/judges/batch/batch-folder.js';
import type { openClient } from '../../scoring/judges/kinds/openai/client.js';
import { addJudgeOptions, positiveSeconds, type JudgeFlags } from './judge-flags.js';
import { modeOption } from '../score-flags.js';
import { untilInterrupted } from '../until-interrupted.js';
import type { BatchApplyFlags } from './batch-apply.js';
import type { BatchCreateFlags } from './batch-create.js';
import { judgeSettingsOf } from './judge-settings-of.js';

type Print = (text: string) => void;
type Client = ReturnType<typeof openClient>;

/**
 * `duet judge batch <step>`: judging through the batch API, each step to be repeated as often as one likes.
 */
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
    .addOption(new Option('--task <name>').choices(['magqa', 'pauc']).default('magqa'))
    .requiredOption('--pred <file>', 'predictions, one JSON object a line')
    .requiredOption('--gold <file>', 'annotations')
    .addOption(modeOption())
    .option('--skip-unknown', 'leave predictions without annotation out instead of failing')
    .option('--concat', 'judge the replies of an example as one')
    .action(async (folder: string, flags: BatchCreateFlags) => {
      // Here and in the other steps, not above, so that help does not wait for the client of the service.
      const { createBatch } = await import('./batch-create.js');
      const { files } = await createBatch(folder, flags);
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
      const { submitBatch } = await import('../../scoring/judges/batch/submit-batch.js');
      const state = await asking(flags, (client) => submitBatch(client, folder, flags.again === true));
      print(describeState(readManifest(folder), state));
    });
}

function statusCommand(print: Print): Command {
  return addJudgeOptions(stepCommand('status'))
    .description('ask how far the batches are')
    .option('--wait', 'until all have ended')
    .option('--every <seconds>', 'between two questions while waiting', positiveSeconds, 60)
    .action(async (folder: string, flags: JudgeFlags & { readonly wait?: true; readonly every: number }) => {
      const { isFinal, refreshBatch } = await import('../../scoring/judges/batch/fetch-batch.js');
      const state = await asking(flags, async (client, signal) => {
        let now = await refreshBatch(client, folder);
        while (flags.wait === true && !isFinal(folder, now)) {
          await pause(flags.every * 1000, undefined, { signal });
          now = await refreshBatch(client, folder);
        }
        return now;
      });
      print(describeState(readManifest(folder), state));
    });
}

function fetchCommand(print: Print): Command {
  return addJudgeOptions(stepCommand('fetch'))
    .description('download what has ended')
    .action(async (folder: string, flags: JudgeFlags) => {
      const { fetchBatch } = await import('../../scoring/judges/batch/fetch-batch.js');
      const fetched = await asking(flags, (client) => fetchBatch(client, folder));
      print(fetched.length === 0 ? 'nothing new' : fetched.join('\n'));
    });
}

function applyCommand(print: Print): Command {
  return addJudgeOptions(stepCommand('apply'))
    .description('put the replies into a recording, the cache and a judged file')
    .option('--record <file>', 'recording to write on (default: replies.jsonl in the folder)')
    .option('-o, --output <file>', 'judged file')
    .action(async (folder: string, flags: BatchApplyFlags) => {
      const { applyBatch } = await import('./batch-apply.js');
      print(await untilInterrupted((signal) => applyBatch(folder, flags, signal)));
    });
}

function stepCommand(name: string): Command {
  return new Command(name).argument('<folder>', 'of the batch');
}

/** Lets work talk to the service; what goes wrong says what to do. */
function asking<Result>(
  flags: JudgeFlags,
  work: (client: Client, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return untilInterrupted(async (signal) => {
    const settings = judgeSettingsOf(flags, signal);
    const { checkAddress, checkKey } = await import('../../scoring/judges/kinds/openai/check-endpoint.js');
    checkAddress(settings);
    checkKey(settings);
    const { openClient } = await import('../../scoring/judges/kinds/openai/client.js');
    try {
      return await work(openClient(settings), signal);
    } catch (thrown) {
      if (signal.aborted)
        throw new DuetError('cancelled', 'interrupted; repeat the command', { cause: thrown });
      const { endpointFault } = await import('../../scoring/judges/kinds/openai/endpoint-fault.js');
      throw endpointFault(thrown, settings);
    }
  });
}

function describeState({ files }: BatchManifest, state: BatchState): string {
  return files
    .map(({ name, requests }) => {
      const { status, batch_id } = state[name] ?? { status: null, batch_id: null };
      return (
        `${name}: ${requests} requests, ` +
        `${status ?? 'not submitted'}${batch_id === null ? '' : ` (${batch_id})`}`
      );
    })
    .join('\n');
}
