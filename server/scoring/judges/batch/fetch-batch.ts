import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type OpenAI from 'openai';
import writeFileAtomic from 'write-file-atomic';
import { fileTransferMs } from '../kinds/openai/client.js';
import { readBatchManifest, readState, resultNames, writeState, type BatchState } from './batch-folder.js';

/**
 * Downloads available results, only whole files, skipping those already downloaded. Returns the names of the
 * new files.
 */
export async function fetchBatch(client: OpenAI, folder: string): Promise<string[]> {
  const state = await refreshBatch(client, folder);
  const fetched: string[] = [];
  for (const [requests, entry] of Object.entries(state)) {
    // Results may still grow until the batch has ended.
    if (entry.batch_id === null || !final.includes(entry.status ?? '')) continue;
    const names = resultNames(requests, entry.batch_id);
    const wanted = [
      [names.output, entry.output_file_id],
      [names.errors, entry.error_file_id],
    ] as const;
    for (const [name, id] of wanted) {
      if (id === null || existsSync(join(folder, name))) continue;
      const content = await client.files.content(id, { timeout: fileTransferMs });
      await writeFileAtomic(join(folder, name), Buffer.from(await content.arrayBuffer()));
      fetched.push(name);
    }
  }
  return fetched;
}

/** Asks the service for the progress of the batches, and saves it. */
export async function refreshBatch(client: OpenAI, folder: string): Promise<BatchState> {
  const state = readState(folder);
  for (const { name } of readBatchManifest(folder).files) {
    const entry = state[name];
    if (entry === undefined || entry.batch_id === null) continue;
    const { status, output_file_id, error_file_id } = await client.batches.retrieve(entry.batch_id);
    state[name] = {
      ...entry,
      status,
      output_file_id: output_file_id ?? null,
      error_file_id: error_file_id ?? null,
    };
  }
  await writeState(folder, state);
  return state;
}

/** Asks for the progress of the batches every `everyMs` milliseconds until all have ended. */
export async function waitForBatch(
  client: OpenAI,
  folder: string,
  everyMs: number,
  signal: AbortSignal,
): Promise<BatchState> {
  let state = await refreshBatch(client, folder);
  while (!isFinal(folder, state)) {
    await pause(everyMs, undefined, { signal });
    state = await refreshBatch(client, folder);
  }
  return state;
}

/** States in which a batch no longer changes. */
const final = ['completed', 'failed', 'expired', 'cancelled'];

/** Whether every request file was submitted and its batch has ended. */
function isFinal(folder: string, state: BatchState): boolean {
  return readBatchManifest(folder).files.every(({ name }) => final.includes(state[name]?.status ?? ''));
}
