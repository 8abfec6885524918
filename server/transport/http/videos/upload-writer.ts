import { open, rm } from 'node:fs/promises';
import { addAbortSignal, type Readable } from 'node:stream';
import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { DuetError } from '../../../errors.js';
import { kindBytes, uploadKind } from '../../../library/upload-kind.js';
import type { Upload } from '../../../library/upload-store.js';

/**
 * A multer storage engine that streams a file to disk, checks its first bytes, and reports a failure at once,
 * while multer itself waits for the rest of the body. Only a known extension is taken from the client's file
 * name.
 */
export class UploadWriter implements StorageEngine {
  /** Rejects as soon as the file cannot be kept; never resolves. */
  readonly failed: Promise<never>;
  readonly #base: string;
  readonly #arrived: (bytes: number) => void;
  readonly #signal: AbortSignal;
  #fail: (thrown: unknown) => void = () => undefined;
  #writing: Promise<unknown> = Promise.resolve();
  #path: string | null = null;
  #received: ReceivedFile | null = null;

  /**
   * @param base path of the file without its extension
   * @param arrived called with the total bytes so far; may throw to stop the upload
   */
  constructor(base: string, arrived: (bytes: number) => void, signal: AbortSignal) {
    this.#base = base;
    this.#arrived = arrived;
    this.#signal = signal;
    this.failed = new Promise((_resolve, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  /** The file; throws 'invalid_request' if there was none. */
  get received(): ReceivedFile {
    if (this.#received) return this.#received;
    throw new DuetError('invalid_request', 'The upload has no file: send it as the multipart field "file"');
  }

  /** Deletes what was written; call it after the signal was aborted. */
  async discard(): Promise<void> {
    await this.#writing.catch(() => undefined);
    if (this.#path !== null) await rm(this.#path, { force: true, maxRetries: 3 });
  }

  _handleFile(
    _request: Request,
    { stream, originalname }: { stream: Readable; originalname: string },
    done: (error?: unknown, info?: object) => void,
  ): void {
    this.#writing = this.#write(stream, originalname).then(
      () => {
        done(null, {});
      },
      (thrown: unknown) => {
        this.#fail(thrown);
        done(thrown);
      },
    );
  }

  _removeFile(_request: Request, _file: object, done: (error: Error | null) => void): void {
    done(null);
  }

  async #write(stream: Readable, fileName: string): Promise<void> {
    const chunks = this.#count(addAbortSignal(this.#signal, stream));
    const head = await readAtLeast(chunks, kindBytes);
    const { ending, type } = await uploadKind(head, fileName);
    const path = this.#base + ending;
    this.#path = path;
    await using file = await open(path, 'w', 0o600);
    await file.writeFile(head);
    let bytes = head.byteLength;
    for await (const chunk of chunks) {
      await file.writeFile(chunk);
      bytes += chunk.byteLength;
    }
    this.#received = { path, bytes, type };
  }

  async *#count(stream: Readable): AsyncGenerator<Buffer, void> {
    let bytes = 0;
    // On a failure the stream stays open: multer would report its end before the failure itself.
    const chunks: AsyncIterable<Buffer> = stream.iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      bytes += chunk.byteLength;
      this.#arrived(bytes);
      yield chunk;
    }
  }
}

/** A file that arrived completely. */
export type ReceivedFile = Omit<Upload, 'id'>;

/** Collects chunks until there are this many bytes, or no more. */
async function readAtLeast(chunks: AsyncIterator<Buffer>, bytes: number): Promise<Buffer> {
  const taken: Buffer[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await chunks.next();
    if (next.done === true) break;
    taken.push(next.value);
    length += next.value.byteLength;
  }
  return Buffer.concat(taken);
}
