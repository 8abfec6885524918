import { join } from 'node:path';
import type { Request, Response } from 'express';
import multer from 'multer';
import { DuetError } from '../../../errors.js';
import type { Upload, UploadStore } from '../../../library/upload-store.js';
import { clientAddress } from '../../access/client-address.js';
import { UploadWriter, type ReceivedFile } from './upload-writer.js';

/**
 * Receives the multipart field `file` of a request into the store. Room, size and kind are checked as early
 * as possible, and the promise rejects then, even while the body is still arriving. On any failure nothing
 * stays on disk.
 *
 * Throws 'busy', 'storage_full' (also for a full disk), 'too_large', 'unsupported' for what is no video,
 * 'invalid_request' for a broken or too slow body.
 */
export async function receiveUpload(
  request: Request,
  response: Response,
  { store, id, pace }: UploadDestination,
): Promise<Upload> {
  const announced = Number(request.headers['content-length'] ?? 0);
  const address = clientAddress(request.socket.remoteAddress);
  const coming = store.expect({ id, address, announced });
  const ended = new AbortController();
  const writer = new UploadWriter(join(store.folder, id), coming.arrived, ended.signal);
  try {
    // A client that waits for 100-continue sends its body only now that there is room.
    if (request.headers.expect !== undefined) response.writeContinue();
    const form = readForm(request, response, writer);
    const failures = [writer.failed, hungUp(response), tooSlow(request, pace, ended.signal)];
    return coming.keep(await Promise.race([form, ...failures]));
  } catch (thrown) {
    ended.abort();
    await writer.discard();
    coming.discard();
    throw uploadError(thrown);
  } finally {
    ended.abort();
  }
}

/** The minimum rate of an upload. */
export interface UploadPace {
  /** Milliseconds before the rate is checked. */
  readonly graceMs: number;
  /** Minimum bytes per second, averaged since the start. */
  readonly bytesPerSecond: number;
}

/**
 * Slower than any connection used to upload a video; a client that trickles bytes to hold a place loses it
 * after a minute.
 */
export const defaultUploadPace: UploadPace = { graceMs: 60_000, bytesPerSecond: 16 * 1024 };

/** Where an upload goes, and how slowly it may arrive. */
interface UploadDestination {
  readonly store: UploadStore;
  readonly id: string;
  readonly pace: UploadPace;
}

/**
 * Watches the rate of a request's body until `signal` aborts; rejects with 'invalid_request' when it is too
 * slow, never resolves.
 */
function tooSlow(request: Request, pace: UploadPace, signal: AbortSignal): Promise<never> {
  const { graceMs, bytesPerSecond } = pace;
  const startedAt = performance.now();
  const startedWith = request.socket.bytesRead;
  return new Promise((_resolve, reject) => {
    const look = (): void => {
      const elapsedMs = performance.now() - startedAt;
      const bytes = request.socket.bytesRead - startedWith;
      if (elapsedMs < graceMs || bytes >= (bytesPerSecond * elapsedMs) / 1000) return;
      const seconds = Math.round(elapsedMs / 1000);
      reject(
        new DuetError(
          'invalid_request',
          `The upload is too slow: ${bytes} bytes came in ${seconds} s; ` +
            `the least is ${bytesPerSecond} a second`,
        ),
      );
    };
    const timer = setInterval(look, Math.min(5000, graceMs));
    signal.addEventListener('abort', () => {
      clearInterval(timer);
    });
  });
}

/** Rejects when the client goes before it has its answer; never resolves. */
function hungUp(response: Response): Promise<never> {
  return new Promise((_resolve, reject) => {
    const look = (): void => {
      reject(new DuetError('invalid_request', 'The upload broke off before its end'));
    };
    if (response.destroyed) look();
    else response.once('close', look);
  });
}

async function readForm(request: Request, response: Response, writer: UploadWriter): Promise<ReceivedFile> {
  const read = multer({ storage: writer, limits: { files: 1, fields: 0, parts: 1 } }).single('file');
  await new Promise<void>((resolve, reject) => {
    void read(request, response, (thrown: unknown) => {
      if (thrown instanceof Error) reject(thrown);
      else resolve();
    });
  });
  return writer.received;
}

/** Tells a faulty upload from a failing disk. */
function uploadError(thrown: unknown): unknown {
  if (thrown instanceof DuetError || !(thrown instanceof Error)) return thrown;
  const code = 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    const message =
      'The disk of the server is full: delete uploads that are no longer needed, or make room on it';
    return new DuetError('storage_full', message, { cause: thrown });
  }
  if ('errno' in thrown) return thrown;
  const message = `The upload was refused: ${thrown.message}; send one file as the multipart field "file"`;
  return new DuetError('invalid_request', message, { cause: thrown });
}
