import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { makeTemporaryFolder } from '../../../make-folder.js';
import type { HttpAnswer } from './http/http-get.js';

/** A body that was read to its end, so that any part of it can be served. */
export class Spool implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #url: URL;
  readonly #size: number;

  private constructor(file: FileHandle, url: URL, size: number) {
    this.#file = file;
    this.#url = url;
    this.#size = size;
  }

  /**
   * Reads a body into an unlinked file, so that nothing remains of it however this process ends.
   *
   * @returns undefined when it is too large or takes too long.
   * @throws errors of reading and writing, such as a full disk; the signal's reason when it is aborted.
   */
  static async fill(url: URL, body: AsyncIterable<Buffer>, signal: AbortSignal): Promise<Spool | undefined> {
    const file = await namelessFile();
    const deadline = performance.now() + withinMs;
    let size = 0;
    try {
      for await (const chunk of body) {
        signal.throwIfAborted();
        size += chunk.length;
        if (size > maxSpoolBytes || performance.now() > deadline) break;
        await file.write(chunk);
      }
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
    if (size <= maxSpoolBytes && performance.now() <= deadline) return new Spool(file, url, size);
    await file.close();
    return undefined;
  }

  /** Answers as a server with range support would. */
  answer(range: string | undefined): HttpAnswer {
    const start = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    const end = Math.min(this.#size - 1, Number(/^bytes=\d+-(\d+)$/.exec(range ?? '')?.[1] ?? this.#size));
    if (start >= this.#size) return { url: this.#url, status: 416, headers: {}, body: Readable.from([]) };
    return {
      url: this.#url,
      status: 206,
      headers: {
        ...{ 'accept-ranges': 'bytes', 'content-length': String(end - start + 1) },
        'content-range': `bytes ${start}-${end}/${this.#size}`,
      },
      body: Readable.from(this.#bytes(start, end), { objectMode: false }),
    };
  }

  async *#bytes(start: number, end: number): AsyncGenerator<Buffer, void, void> {
    for (let at = start; at <= end;) {
      const chunk = Buffer.alloc(Math.min(64 * 1024, end + 1 - at));
      const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }
}

/** Most bytes kept of a video that cannot be read as it arrives. */
export const maxSpoolBytes = 256 * 1024 ** 2;

const withinMs = 120_000;

async function namelessFile(): Promise<FileHandle> {
  const folder = await makeTemporaryFolder('duet-');
  const file = await open(join(folder, 'video'), 'wx+', 0o600);
  await rm(folder, { recursive: true, force: true });
  return file;
}
