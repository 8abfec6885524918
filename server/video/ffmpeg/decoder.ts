import type { DuetError } from '../../errors.js';
import { isExhausted, toDuetError } from '../../errors.js';
import { passthroughOptions } from './binary.js';
import type { FfmpegBinary } from './binary.js';
import { cancelled, ffmpegCrash, ffmpegFailure, stalledError } from './failure.js';
import { maxPixels } from './resource-limits.js';
import type { FfmpegInput } from './input.js';
import { FfmpegLog } from './log.js';
import type { FrameStamp } from './frame-stamp.js';
import { startFfmpeg } from './process.js';
import type { FfmpegProcess } from './process.js';
import type { Picture } from '../frame.js';

/** An ffmpeg process that decodes one input; owns the process. */
export class Decoder implements AsyncDisposable {
  readonly log: FfmpegLog;
  readonly #job: DecodingJob;
  readonly #signal: AbortSignal;
  readonly #process: FfmpegProcess;
  readonly #bytes: ExactReader;
  #size: { width: number; height: number } | undefined;
  #count = 0;
  #gaveUp = false;

  constructor(job: DecodingJob, signal: AbortSignal) {
    this.#job = job;
    this.log = new FfmpegLog(job.input.live);
    this.#signal = signal;
    this.#process = startFfmpeg({
      binary: job.ffmpeg.path,
      input: job.input.input,
      inputOptions: [...job.input.options, ...(job.inputOptions ?? [])],
      bytes: job.input.bytes?.(),
      environment: job.input.environment,
      filters: [...job.filters, 'format=rgb24', 'showinfo=checksum=0'],
      outputOptions: [
        // Capital V excludes cover pictures of music files.
        ...['-map', '0:V:0', '-an', '-sn', '-dn'],
        ...passthroughOptions(job.ffmpeg),
        // The raw "encoder" is multithreaded by default, which holds each frame back until the next.
        ...['-threads', '1', '-flush_packets', '1', '-pix_fmt', 'rgb24'],
        ...(job.maxFrames === undefined ? [] : ['-frames:v', String(job.maxFrames)]),
      ],
      readAheadBytes: job.readAheadBytes,
      onLine: this.log.read,
    });
    this.#bytes = new ExactReader(this.#process.output);
    const onAbort = () => void this.#process.kill();
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void this.#process.exit.then(() => {
      signal.removeEventListener('abort', onAbort);
      this.log.close();
    });
  }

  /**
   * The next picture; undefined at the end of the video and after disposal.
   *
   * @throws DuetError when ffmpeg fails, ends without a picture or stalls, and 'cancelled' when the signal is
   * aborted.
   */
  async next(): Promise<StampedPicture | undefined> {
    // Only count time while somebody is reading: otherwise back-pressure holds ffmpeg back.
    const impatience = setTimeout(() => {
      this.#gaveUp = true;
      void this.#process.kill();
    }, this.#patienceMs);
    try {
      return await this.#read();
    } finally {
      clearTimeout(impatience);
    }
  }

  get #patienceMs(): number {
    const { first, later } = this.#job.patienceMs;
    return this.#count === 0 ? first : later;
  }

  async #read(): Promise<StampedPicture | undefined> {
    const stamp = await this.log.nextStamp();
    if (stamp === undefined) return this.#finish();
    // ffmpeg scales a changed size back: its output keeps the first one.
    const { width, height } = (this.#size ??= { width: stamp.width, height: stamp.height });
    if (width * height > maxPixels) throw tooLarge(this.#job.name);
    const rgb = await this.#bytes.read(width * height * 3);
    if (rgb === undefined) return this.#finish();
    this.#count += 1;
    return { stamp, picture: { width, height, rgb } };
  }

  /** ffmpeg's warnings and errors so far. Clients see them, so the video's name replaces its location. */
  get complaints(): readonly string[] {
    return this.log.complaints.map((line) => this.#job.input.hide(line));
  }

  /** Stops ffmpeg and waits until its process is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.kill();
  }

  async #finish(): Promise<undefined> {
    const exit = await this.#process.exit;
    if (this.#signal.aborted) throw cancelled(this.#job.name, this.#signal);
    if (this.#gaveUp) throw stalledError(this.#job.name, this.#patienceMs, this.#count);
    if (exit.type === 'crashed') throw ffmpegCrash(this.#job.name, exit.signal, this.#count);
    const { error: notFetched, cutOff = false } = this.#job.input.failure() ?? {};
    const empty = exit.type === 'done' && this.#count === 0;
    if (notFetched !== undefined && (exit.type === 'failed' || empty || cutOff)) throw notFetched;
    if (exit.type === 'failed' && isExhausted(exit.error)) throw toDuetError(exit.error);
    if (exit.type === 'failed') throw this.#failure(exit.error);
    if (empty) throw this.#failure();
    return undefined;
  }

  #failure(cause?: Error): DuetError {
    return ffmpegFailure(this.#job.name, this.complaints, this.#count, cause);
  }
}

/**
 * Starts decoding and waits for the first picture; the caller then owns the decoder.
 *
 * @throws DuetError when the input cannot be decoded, or 'cancelled'; no process remains.
 */
export async function startDecoder(job: DecodingJob, signal: AbortSignal): Promise<StartedDecoder> {
  const decoder = new Decoder(job, signal);
  try {
    const first = await decoder.next();
    if (first === undefined) throw cancelled(job.name, signal);
    return { decoder, first };
  } catch (thrown) {
    await decoder[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** One decoding: which pictures of an input, and in what form. */
export interface DecodingJob {
  readonly ffmpeg: FfmpegBinary;
  /** The input's name in messages. */
  readonly name: string;
  readonly input: FfmpegInput;
  /** Options before the input, in addition to the input's own. */
  readonly inputOptions?: readonly string[];
  /** A filter chain with output of constant size; it is converted to packed RGB. */
  readonly filters: readonly string[];
  readonly maxFrames?: number | undefined;
  readonly readAheadBytes: number;
  /** Milliseconds to wait for the first picture, and for each later one, before giving the input up. */
  readonly patienceMs: { readonly first: number; readonly later: number };
}

/** A decoded picture and its time. */
export interface StampedPicture {
  readonly stamp: FrameStamp;
  readonly picture: Picture;
}

/** A decoder that has delivered its first picture. */
export interface StartedDecoder {
  readonly decoder: Decoder;
  readonly first: StampedPicture;
}

function tooLarge(name: string): DuetError {
  return ffmpegFailure(name, ['Picture size is invalid'], 0);
}

/** Cuts a byte stream into pieces of exact length. */
class ExactReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, in a buffer of their own; undefined when the stream ends before that. */
  async read(length: number): Promise<Uint8Array | undefined> {
    const piece = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) return undefined;
        this.#rest = next.value;
      }
      const taken = this.#rest.subarray(0, length - filled);
      piece.set(taken, filled);
      filled += taken.length;
      this.#rest = this.#rest.subarray(taken.length);
    }
    return piece;
  }
}
