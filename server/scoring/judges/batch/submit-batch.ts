import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type OpenAI from 'openai';
import { fileTransferMs } from '../kinds/openai/client.js';
import { fetchBatch } from './fetch-batch.js';
import { notSubmitted, readBatchManifest, readState, writeState, type BatchState } from './batch-folder.js';

/** States in which a batch ended without finishing its work. */
const lost = ['failed', 'expired', 'cancelled'];

/** Metadata name of the hash of a batch's requests. */
const hashName = 'duet_requests_sha256';

/**
 * Uploads the request files and creates their batches, without repeating what an earlier run did: each step
 * is saved, and a batch whose creation was not saved is found by the hash of its requests. `again` resubmits
 * whole files whose batches failed, expired or were cancelled, after downloading their results so far.
 */
export async function submitBatch(client: OpenAI, folder: string, again: boolean): Promise<BatchState> {
  // Refreshes the state first: the saved one may be old.
  if (again) await fetchBatch(client, folder);
  const state = readState(folder);
  for (const { name, sha256 } of readBatchManifest(folder).files) {
    const before = state[name] ?? notSubmitted;
    const isLost = before.status !== null && lost.includes(before.status);
    if (before.batch_id !== null && !(again && isLost)) continue;
    const renewed = isLost ? { ...notSubmitted, input_file_id: before.input_file_id } : before;
    state[name] = {
      ...renewed,
      input_file_id: renewed.input_file_id ?? (await upload(client, join(folder, name))),
    };
    await writeState(folder, state);
    state[name] = await findOrCreate(client, state[name], sha256);
    await writeState(folder, state);
  }
  return state;
}

async function upload(client: OpenAI, path: string): Promise<string> {
  const body = { file: createReadStream(path), purpose: 'batch' } as const;
  const file = await client.files.create(body, { timeout: fileTransferMs });
  return file.id;
}

async function findOrCreate(
  client: OpenAI,
  entry: BatchState[string],
  sha256: string,
): Promise<BatchState[string]> {
  const made = (await findBySha(client, sha256)) ?? (await create(client, entry.input_file_id ?? '', sha256));
  return { ...entry, batch_id: made.id, status: made.status };
}

async function findBySha(client: OpenAI, sha256: string): Promise<OpenAI.Batch | null> {
  for await (const batch of client.batches.list({ limit: 100 })) {
    if (batch.metadata?.[hashName] === sha256 && !lost.includes(batch.status)) return batch;
  }
  return null;
}

/**
 * Not retried by the client: a batch that was created but not confirmed would be created and paid for twice.
 */
function create(client: OpenAI, inputFileId: string, sha256: string): Promise<OpenAI.Batch> {
  return client.batches.create(
    {
      input_file_id: inputFileId,
      endpoint: '/v1/chat/completions',
      completion_window: '24h',
      metadata: { [hashName]: sha256 },
    },
    { maxRetries: 0 },
  );
}
