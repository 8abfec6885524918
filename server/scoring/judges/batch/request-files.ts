import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DuetError } from '../../../errors.js';
import type { BatchManifest } from './batch-folder.js';

/**
 * Writes request lines to `requests-001.jsonl`, `requests-002.jsonl` ..., beginning a new file when a limit
 * is reached.
 */
export function writeRequestFiles(
  folder: string,
  lines: Iterable<string>,
  limits: FileLimits = batchLimits,
): BatchManifest['files'] {
  const done: BatchManifest['files'] = [];
  let open: OpenFile | null = null;
  const close = (file: OpenFile) => {
    closeSync(file.descriptor);
    const { name, requests, bytes } = file;
    done.push({ name, requests, bytes, sha256: file.hash.digest('hex') });
  };
  for (const line of lines) {
    const bytes = Buffer.from(`${line}\n`);
    if (bytes.length > limits.bytes) throw tooLarge(bytes.length, limits);
    if (open !== null && (open.requests === limits.requests || open.bytes + bytes.length > limits.bytes)) {
      close(open);
      open = null;
    }
    open ??= begin(folder, done.length + 1);
    writeSync(open.descriptor, bytes);
    open.hash.update(bytes);
    open.requests += 1;
    open.bytes += bytes.length;
  }
  if (open !== null) close(open);
  return done;
}

/** The service's limits per file. */
interface FileLimits {
  readonly requests: number;
  readonly bytes: number;
}

/** 50,000 requests and 200 MB, as the batch API documents. */
const batchLimits: FileLimits = { requests: 50_000, bytes: 200_000_000 };

interface OpenFile {
  readonly name: string;
  readonly descriptor: number;
  readonly hash: ReturnType<typeof createHash>;
  requests: number;
  bytes: number;
}

function begin(folder: string, number: number): OpenFile {
  const name = `requests-${String(number).padStart(3, '0')}.jsonl`;
  const descriptor = openSync(join(folder, name), 'w');
  return { name, descriptor, hash: createHash('sha256'), requests: 0, bytes: 0 };
}

function tooLarge(bytes: number, limits: FileLimits): DuetError {
  return new DuetError('too_large', `one request has ${bytes} bytes; a file may have ${limits.bytes}`);
}
