import { DuetError } from '../errors.js';
import type { VideoInfo } from './stream.js';

/** Where one output picture belongs in time, and its size. */
export interface FrameStamp {
  /** Presentation time in units of {@link timeBase}, an integer. */
  readonly pts: number;
  /** Seconds per unit, as a fraction, so that no rounding precedes the last division. */
  readonly timeBase: Fraction;
  readonly width: number;
  readonly height: number;
}

/** A ratio of integers. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/** What ffmpeg says of the input before it decodes: all but `live`, which depends on the source. */
export interface InputDescription extends Omit<VideoInfo, 'live'> {
  /** Name of the pixel format, such as `yuv420p`. */
  readonly pixelFormat: string;
}

/** Complaints kept for messages; a broken file can bring forth thousands. */
const maxComplaints = 20;

/**
 * Reads ffmpeg's stderr (`-loglevel level+info`, a `showinfo` filter last in the chain) line by line.
 *
 * The times come from here because raw video carries none: the i-th `showinfo` line belongs to the i-th picture on stdout. Its `pts` is an integer in the
 * source's own time base; `pts_time` beside it is rounded to six digits and is not used.
 */
export class FfmpegLog {
  /** The first warnings and errors, without repetitions; `fatal` ones included. */
  readonly complaints: string[] = [];
  #stamps: FrameStamp[] = [];
  #wake: () => void = () => undefined;
  #closed = false;
  #timeBase: Fraction | undefined;
  #frameRate: Fraction | undefined;
  #duration: number | null = null;
  #format = '';
  #streams = new Map<string, string>();
  #mapped: string | undefined;

  /** Takes the next line. */
  readonly read = (line: string): void => {
    if (line.startsWith('[Parsed_showinfo')) this.#readShowinfo(line);
    else if (line.startsWith('[info]')) this.#readHeader(line);
    else if (/\[(warning|error|fatal|panic)\]/.test(line)) this.#readComplaint(line);
  };

  /** No more lines will come. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** The stamp of the next picture, waiting for it; undefined when there is none because ffmpeg has ended. */
  async nextStamp(): Promise<FrameStamp | undefined> {
    while (this.#stamps.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#stamps.shift();
  }

  /** Pictures announced and not yet asked for; small, because ffmpeg waits for the reader of its output. */
  get waitingStamps(): number {
    return this.#stamps.length;
  }

  /** Names of the container's format, as ffmpeg lists them: `mov,mp4,m4a,3gp,3g2,mj2`; empty before it is known. */
  get format(): string {
    return this.#format;
  }

  /** The frame rate as the exact fraction that the container declares or ffmpeg has guessed; known with the first stamp. */
  get frameRate(): Fraction | undefined {
    return this.#frameRate;
  }

  /**
   * What is known of the decoded stream, once the first picture is decoded.
   *
   * @throws DuetError 'internal' when the lines that say it are not as expected, as may be with an ffmpeg newer than this code.
   */
  describe(): InputDescription {
    const line = this.#mapped === undefined ? undefined : this.#streams.get(this.#mapped);
    const codec = /: Video: ([^\s,]+)/.exec(line ?? '')?.[1];
    const size = /, (\d+)x(\d+)(?=[\s,]|$)/.exec(line ?? '');
    if (line === undefined || codec === undefined || size === null) {
      throw new DuetError(
        'internal',
        `ffmpeg described its input in a way that is not understood: ${line ?? '(nothing)'}`,
      );
    }
    return {
      codec,
      pixelFormat: /: Video: [^,]*, ([a-z0-9_]+)/.exec(line)?.[1] ?? '',
      width: Number(size[1]),
      height: Number(size[2]),
      fps: exactRate(printedRate(line), this.#frameRate),
      duration: this.#duration,
    };
  }

  #readShowinfo(line: string): void {
    const stamp = /\] n: *\d+ pts: *(-?\d+|NOPTS) .*? s:(\d+)x(\d+) /.exec(line);
    if (stamp !== null && this.#timeBase !== undefined) {
      this.#stamps.push({
        pts: Number(stamp[1]),
        timeBase: this.#timeBase,
        width: Number(stamp[2]),
        height: Number(stamp[3]),
      });
      this.#wake();
      return;
    }
    const config = /config in time_base: (\d+)\/(\d+), frame_rate: (\d+)\/(\d+)/.exec(line);
    if (config === null) return;
    this.#timeBase = { numerator: Number(config[1]), denominator: Number(config[2]) };
    this.#frameRate ??= { numerator: Number(config[3]), denominator: Number(config[4]) };
  }

  #readHeader(line: string): void {
    const text = line.slice('[info]'.length);
    const stream = /^\s+Stream #0:(\d+).*?: Video: /.exec(text);
    if (stream?.[1] !== undefined && this.#mapped === undefined) {
      if (!this.#streams.has(stream[1])) this.#streams.set(stream[1], text);
      return;
    }
    this.#format ||= /^ Input #0, (\S+), from /.exec(text)?.[1] ?? '';
    this.#mapped ??= /^\s+Stream #0:(\d+) -> #0:0 /.exec(text)?.[1];
    const duration = /^ {3}Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?),/.exec(text);
    if (duration !== null && this.#duration === null) {
      this.#duration = Number(duration[1]) * 3600 + Number(duration[2]) * 60 + Number(duration[3]);
    }
  }

  #readComplaint(line: string): void {
    // The address of ffmpeg's object, which differs at each run, and the level say nothing to a reader.
    const text = line
      .replace(/^(\[[^\]]* @ 0x[0-9a-f]+\] )+/, '')
      .replace(/^\[(warning|error|fatal|panic)\] /, '')
      .trim();
    // Said of every full-range video by the scaler, which handles it well.
    if (text.startsWith('deprecated pixel format used')) return;
    if (text === '' || this.complaints.includes(text)) return;
    if (this.complaints.length >= maxComplaints) this.complaints.splice(maxComplaints / 2, 1);
    this.complaints.push(text);
  }
}

function printedRate(line: string): number | null {
  const printed = /, ([\d.]+)(k?) fps/.exec(line);
  return printed === null ? null : Number(printed[1]) * (printed[2] === 'k' ? 1000 : 1);
}

/** The stream's line rounds its average rate to two decimals; where the exact fraction agrees with it, that is what was meant. */
function exactRate(printed: number | null, fraction: Fraction | undefined): number | null {
  if (printed === null || printed === 0) return null;
  if (fraction === undefined || fraction.denominator === 0) return printed;
  const exact = fraction.numerator / fraction.denominator;
  return Math.abs(exact - printed) <= 0.00501 ? exact : printed;
}
