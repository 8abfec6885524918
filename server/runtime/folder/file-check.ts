import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DuetError } from '../../errors.js';

/**
 * Checks a file against its manifest entry; large files are hashed as a stream. Throws 'model_failed' naming
 * the file, what was expected and what was found; 'cancelled' when `signal` aborts.
 */
export async function checkFile(
  path: string,
  expected: ExpectedFile,
  verification: Verification,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) throw cancelled(path, signal.reason);
  const bytes = await sizeOf(path, expected);
  if (bytes !== expected.bytes) {
    throw new DuetError(
      'model_failed',
      `${path} has ${bytes} bytes where the manifest says ${expected.bytes}; ${remedy}`,
    );
  }
  if (verification === 'sizes') return;
  const sha256 = await hash(path, signal);
  if (sha256 === expected.sha256) return;
  throw new DuetError(
    'model_failed',
    `${path} was altered: its sha256 is ${sha256} where the manifest says ${expected.sha256}; ${remedy}`,
  );
}

/** How thoroughly files are checked: sizes take no time, hashes about a second per gigabyte. */
export type Verification = 'sizes' | 'hashes';

/** What a manifest says about a file. */
interface ExpectedFile {
  readonly bytes: number;
  readonly sha256: string;
}

const remedy = 'build or download the model again';

async function sizeOf(path: string, expected: ExpectedFile): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new DuetError(
      'model_failed',
      `${path} is missing or unreadable where the manifest says ${expected.bytes} bytes; ${remedy}`,
      { cause: error },
    );
  }
}

async function hash(path: string, signal: AbortSignal | undefined): Promise<string> {
  const sha256 = createHash('sha256');
  try {
    const stream = createReadStream(path, {
      highWaterMark: 1 << 20,
      ...(signal === undefined ? {} : { signal }),
    });
    for await (const chunk of stream) sha256.update(chunk as Uint8Array);
  } catch (error) {
    if (signal?.aborted) throw cancelled(path, signal.reason);
    throw new DuetError('model_failed', `${path} could not be read: ${String(error)}; ${remedy}`, {
      cause: error,
    });
  }
  return sha256.digest('hex');
}

function cancelled(path: string, reason: unknown): DuetError {
  return new DuetError('cancelled', `checking ${path} was aborted`, { cause: reason });
}
