import { describeInput, describeLook, pixelShape } from './input-description.js';
import type { DecodedSize, InputDescription, PictureLook } from './input-description.js';

import type { Fraction, FrameStamp } from './frame-stamp.js';

/** Complaints kept for messages; a broken file can cause thousands. */
const maxComplaints = 20;

/** What ffmpeg says of videos in which nothing is wrong. */
const harmless: readonly RegExp[] = [
  // Of every full-range video, by the scaler, which handles it well.
  /^deprecated pixel format used/,
  // Of clocks that step back; our own warnings say what becomes of those.
  /non monotonically increasing dts to muxer/,
  // Of every JPEG, before it is decoded; one that is cut off is complained of in other words, too.
  /^EOI missing, emulating$/,
  // Of cover pictures, and of the menus of a DVD, which have no time.
  /^stream \d+, timescale not set$/,
  /^start time for stream \d+ is not set in estimate_timings_from_pts$/,
  // Of raw DV, each picture of which has as many bytes as the others.
  /^Estimating duration from bitrate, this may be inaccurate$/,
];

/** What ffmpeg says of a stream that has not begun where it looks at the beginning of the file. */
const doubts = /^Could not find codec parameters|no TS found at start of file, duration not set$/;

/** Lines kept of what is said below a stream; titles and other metadata can be many. */
const maxStreamLines = 200;

/**
 * Reads ffmpeg's stderr (`-loglevel level+verbose`, a `showinfo` filter last in the chain) line by line.
 *
 * The times come from here because raw video carries none: the i-th `showinfo` line belongs to the i-th
 * picture on stdout. Its `pts` is an integer in the source's own time base; `pts_time` beside it is rounded
 * to six digits and is not used.
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
  #containerStart = 0;
  #startCorrection = 0;
  #previousTime: number | undefined;
  #streams = new Map<string, string[]>();
  #described: string[] = [];
  #mapped: string | undefined;
  #decoded: DecodedSize | undefined;

  /** Takes the next line. */
  readonly read = (line: string): void => {
    if (line.startsWith('[Parsed_showinfo')) this.#readShowinfo(line);
    else if (line.startsWith('[info]')) this.#readHeader(line);
    else if (line.includes('[verbose] ')) this.#readDetail(line);
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

  /**
   * Names of the container's format, as ffmpeg lists them: `mov,mp4,m4a,3gp,3g2,mj2`; empty before it is
   * known.
   */
  get format(): string {
    return this.#format;
  }

  /**
   * The frame rate as the exact fraction that the container declares or ffmpeg has guessed; known with the
   * first stamp.
   */
  get frameRate(): Fraction | undefined {
    return this.#frameRate;
  }

  /**
   * Seconds on the container's clock that ffmpeg has made its zero: where the first of the streams begins.
   */
  get containerStart(): number {
    return this.#containerStart;
  }

  /**
   * Seconds by which ffmpeg has moved its zero later, to the first of the streams that it decodes, as it does
   * for MPEG-TS and MPEG-PS.
   */
  get startCorrection(): number {
    return this.#startCorrection;
  }

  /**
   * What is known of the decoded stream, once the first picture is decoded.
   *
   * @throws DuetError 'source_failed' when the lines that say it are not as expected.
   */
  describe(): InputDescription {
    return describeInput(this.#mappedLines, this.#frameRate, this.#duration, this.#decoded);
  }

  /** How the pictures of the decoded stream are to be read, once the first picture is decoded. */
  look(): PictureLook {
    return describeLook(this.#mappedLines, this.#decoded);
  }

  get #mappedLines(): readonly string[] {
    return (this.#mapped === undefined ? undefined : this.#streams.get(this.#mapped)) ?? [];
  }

  #readShowinfo(line: string): void {
    const stamp = /\] n: *\d+ pts: *(-?\d+|NOPTS) .*? s:(\d+)x(\d+) i:(.)/.exec(line);
    if (stamp !== null && this.#timeBase !== undefined) {
      this.#forgetDoubts();
      this.#stamps.push({
        pts: Number(stamp[1]),
        timeBase: this.#timeBase,
        width: Number(stamp[2]),
        height: Number(stamp[3]),
        ...(stamp[4] !== 'P' && { interlaced: true }),
        ...(this.#previousTime !== undefined && { previousTime: this.#previousTime }),
      });
      this.#previousTime = undefined;
      this.#wake();
      return;
    }
    const config = /config in time_base: (\d+)\/(\d+), frame_rate: (\d+)\/(\d+)/.exec(line);
    if (config === null) return;
    this.#timeBase = { numerator: Number(config[1]), denominator: Number(config[2]) };
    this.#frameRate ??= { numerator: Number(config[3]), denominator: Number(config[4]) };
  }

  /** A picture came all the same. */
  #forgetDoubts(): void {
    for (let at = this.complaints.length - 1; at >= 0; at -= 1) {
      if (doubts.test(this.complaints[at] ?? '')) this.complaints.splice(at, 1);
    }
  }

  #readHeader(line: string): void {
    const text = line.slice('[info]'.length);
    // What comes after the mapping tells of the output.
    if (this.#mapped !== undefined) return;
    this.#readStream(text);
    this.#format ||= /^ Input #0, (\S+), from /.exec(text)?.[1] ?? '';
    this.#mapped ??= /^\s+Stream #0:(\d+) -> #0:0 /.exec(text)?.[1];
    const start = /^ {3}Duration: .*?, start: (-?\d+\.\d+),/.exec(text)?.[1];
    if (start !== undefined) this.#containerStart = Number(start);
    const duration = /^ {3}Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?),/.exec(text);
    if (duration !== null && this.#duration === null) {
      this.#duration = Number(duration[1]) * 3600 + Number(duration[2]) * 60 + Number(duration[3]);
    }
  }

  /** The line of a stream, or one indented deeper, which belongs to the stream above it. */
  #readStream(text: string): void {
    const stream = /^ {2,4}Stream #0:(\d+)(.*?: Video: )?/.exec(text.slice(1));
    if (stream?.[1] === undefined) {
      if (this.#described.length < maxStreamLines) this.#described.push(text);
      return;
    }
    this.#described = [text];
    if (stream[2] !== undefined && !this.#streams.has(stream[1]))
      this.#streams.set(stream[1], this.#described);
  }

  #readDetail(line: string): void {
    const previous = /^\[verbose\] (-?\d+\.\d{6})$/.exec(line)?.[1];
    if (previous !== undefined) this.#previousTime = Number(previous);
    if (line.startsWith('[graph ')) this.#decoded ??= decodedSize(line);
    const shift = /\[verbose\] Correcting start time (?:of Input #0 )?by (-?\d+)/.exec(line)?.[1];
    if (shift !== undefined) this.#startCorrection += Number(shift) / 1e6;
  }

  #readComplaint(line: string): void {
    // The address of ffmpeg's object, which differs at each run, and the level say nothing to a reader.
    const text = line
      .replace(/^(\[[^\]]* @ 0x[0-9a-f]+\] )+/, '')
      .replace(/^\[(warning|error|fatal|panic)\] /, '')
      .trim();
    if (harmless.some((said) => said.test(text))) return;
    // The name of the format that was recognised says more than the long list of those that are accepted.
    const refused = /^(?:\[(\S+) @ 0x[0-9a-f]+\] )+\[error\] Format not on whitelist/.exec(line)?.[1];
    if (refused !== undefined) {
      this.#complain(`Format not on whitelist: ${refused}`);
      return;
    }
    this.#complain(text);
  }

  #complain(text: string): void {
    if (text === '' || this.complaints.includes(text)) return;
    if (this.complaints.length >= maxComplaints) this.complaints.splice(maxComplaints / 2, 1);
    this.complaints.push(text);
  }
}

/**
 * What the decoder hands on, before the first filter:
 * `[graph 0 input from stream 0:1 @ ...] [verbose] w:96 h:64 pixfmt:yuv420p tb:1/90000 fr:25/1 sar:1/1`.
 */
function decodedSize(line: string): DecodedSize | undefined {
  const [, width, height, pixelFormat, across, down] =
    /\bw:(\d+) h:(\d+) pixfmt:(\w+) .*?\bsar:(\d+)\/(\d+)/.exec(line) ?? [];
  if (pixelFormat === undefined) return undefined;
  return {
    ...{ width: Number(width), height: Number(height), pixelFormat },
    pixelShape: pixelShape(Number(across), Number(down)),
  };
}
