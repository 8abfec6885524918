import { DuetError } from '../../../errors.js';
import type { FfmpegInput } from '../../ffmpeg/input.js';
import { inputOptions } from '../../ffmpeg/input.js';
import type { VideoFrame } from '../../frame.js';
import type { ByteReceiver, FrameStream, StreamNotice, VideoInfo } from '../../stream.js';
import { decodeSource } from '../decode-source.js';
import type { SourceKind, SourceOptions } from '../source-kind.js';
import { PushedBytes } from './pushed-bytes.js';

/** A container whose bytes a client pushes. */
export const containerSource: SourceKind<'container'> = {
  name: ({ format }) => `pushed ${format}`,
  open: ({ format }, options, signal) =>
    signal.aborted
      ? Promise.reject(new DuetError('cancelled', `reading ${options.name} was cancelled`))
      : Promise.resolve(new PushedContainer(format, options, signal)),
};

/**
 * A live video whose container a client pushes byte by byte, as a browser's MediaRecorder makes it. ffmpeg
 * reads the bytes from its standard input. The sound is not read.
 */
class PushedContainer implements FrameStream {
  readonly byteReceiver: ByteReceiver;
  readonly #format: ContainerFormat;
  readonly #options: SourceOptions;
  readonly #bytes = new PushedBytes();
  readonly #stop = new AbortController();
  #tell: (notice: StreamNotice) => void = () => undefined;
  #stream: FrameStream | undefined;
  #paused = false;

  constructor(format: ContainerFormat, options: SourceOptions, signal: AbortSignal) {
    this.#format = format;
    this.#options = options;
    this.byteReceiver = this.#bytes;
    const onAbort = (): void => {
      this.#end();
    };
    signal.addEventListener('abort', onAbort, { once: true, signal: this.#stop.signal });
    if (signal.aborted) onAbort();
  }

  /** Width and height are 0 until the first picture is decoded; then a notice tells them. */
  get info(): VideoInfo {
    const unknown = { width: 0, height: 0, fps: null, duration: null, codec: this.#format, live: true };
    return this.#stream?.info ?? unknown;
  }

  get warnings(): readonly string[] {
    return this.#stream?.warnings ?? [];
  }

  listen(hear: (notice: StreamNotice) => void): void {
    this.#tell = hear;
    this.#stream?.listen?.(hear);
  }

  pause(): void {
    this.#paused = true;
    this.#stream?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#stream?.resume();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void, void> {
    try {
      const stream = await this.#open();
      this.#stream = stream;
      this.#bytes.settle();
      const { width, height } = stream.info;
      this.#tell({ type: 'source.resized', width, height });
      stream.listen?.(this.#tell);
      if (this.#paused) stream.pause();
      yield* stream;
    } catch (thrown) {
      if (!this.#stop.signal.aborted) throw thrown;
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.#stream?.[Symbol.asyncDispose]();
  }

  #end(): void {
    this.#bytes.end();
    this.#stop.abort();
  }

  #open(): Promise<FrameStream> {
    const { patienceMs = { first: longestSilenceMs, later: longestSilenceMs } } = this.#options;
    const prepare = () => Promise.resolve(pushedInput(this.#format, this.#bytes, this.#options.name));
    return decodeSource(prepare, { ...this.#options, patienceMs }, this.#stop.signal);
  }
}

/** A container that can be read as it arrives; an MP4 must be fragmented. */
type ContainerFormat = 'webm' | 'mp4' | 'mpegts';

const demuxers: Readonly<Record<ContainerFormat, string>> = {
  webm: 'matroska',
  mp4: 'mov',
  mpegts: 'mpegts',
};

/** A client may record nothing for a while; a session with nothing pushed at all is closed sooner. */
const longestSilenceMs = 600_000;

function pushedInput(format: ContainerFormat, bytes: PushedBytes, name: string): FfmpegInput {
  const demuxer = demuxers[format];
  return {
    input: 'pipe:0',
    bytes: () => bytes.read(),
    environment: {},
    live: true,
    finished: () => true,
    hide: (line) => line.replaceAll('pipe:0', name),
    failure: () => undefined,
    options: [
      ...inputOptions(['pipe'], [demuxer]),
      ...['-f', demuxer, '-flags', 'low_delay', '-threads', '1'],
      ...['-fpsprobesize', '0', '-analyzeduration', '1000000'],
    ],
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
