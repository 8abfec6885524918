import { Complaints } from './complaints.js';
import { describeInput, describeLook, pixelShape } from './input-description.js';
import type { DecodedSize, InputDescription, PictureLook } from './input-description.js';

import { InputHeader } from './input-header.js';
import type { Fraction, FrameStamp } from './frame-stamp.js';

/**
 * Reads ffmpeg's stderr (`-loglevel level+verbose`, a `showinfo` filter last in the chain) line by line.
 *
 * Times come from here because raw video carries none: the i-th `showinfo` line belongs to the i-th picture
 * on stdout. Its `pts` is an integer in the source's own time base; `pts_time` is rounded to six digits, so
 * it is not used.
 */
export class FfmpegLog {
  /** Called when decoded pictures change their size, with the size as shown. */
  onResize: (width: number, height: number) => void = () => undefined;
  readonly #live: boolean;
  readonly #complaints = new Complaints();
  readonly #header = new InputHeader();
  #stamps: FrameStamp[] = [];
  #began = false;
  #wake: () => void = () => undefined;
  #closed = false;
  #timeBase: Fraction | undefined;
  #frameRate: Fraction | undefined;
  #startCorrection = 0;
  #previousTime: number | undefined;
  #decoded: DecodedSize | undefined;
  #shown: { readonly width: number; readonly height: number } | undefined;

  /** @param live whether the input was joined while it was going on */
  constructor(live = false) {
    this.#live = live;
  }

  /** Takes the next line. */
  readonly read = (line: string): void => {
    if (line.startsWith('[Parsed_showinfo')) this.#readShowinfo(line);
    else if (line.startsWith('[info]')) this.#header.read(line.slice('[info]'.length));
    else if (line.includes('[verbose] ')) this.#readDetail(line);
    else if (/\[(warning|error|fatal|panic)\]/.test(line)) this.#complaints.read(line);
  };

  /** No more lines will come. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Waits for the stamp of the next picture; undefined when ffmpeg has ended without another. */
  async nextStamp(): Promise<FrameStamp | undefined> {
    while (this.#stamps.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#stamps.shift();
  }

  /** Pictures announced but not yet requested; few, because ffmpeg waits for the reader of its output. */
  get waitingStamps(): number {
    return this.#stamps.length;
  }

  /** Names of the container's format, as ffmpeg lists them: `mov,mp4,m4a,3gp,3g2,mj2`; empty until known. */
  get format(): string {
    return this.#header.format;
  }

  /**
   * The frame rate as an exact fraction, declared by the container or guessed by ffmpeg; known with the first
   * stamp.
   */
  get frameRate(): Fraction | undefined {
    return this.#frameRate;
  }

  /** ffmpeg's zero in seconds on the container's clock: when the first stream begins. */
  get containerStart(): number {
    return this.#header.start;
  }

  /**
   * Seconds by which ffmpeg moved its zero later, to the first decoded stream, as it does for MPEG-TS and
   * MPEG-PS.
   */
  get startCorrection(): number {
    return this.#startCorrection;
  }

  /** The first warnings and errors, without duplicates; includes `fatal` ones. */
  get complaints(): readonly string[] {
    return this.#complaints.lines;
  }

  /**
   * Describes the decoded stream; call it after the first picture is decoded.
   *
   * @throws DuetError 'source_failed' when the lines that describe it are not as expected.
   */
  describe(): InputDescription {
    return describeInput(this.#header.streamLines, this.#frameRate, this.#header.duration, this.#decoded);
  }

  /** The size of the newest pictures as shown; undefined before the first one is decoded. */
  get shownSize(): { readonly width: number; readonly height: number } | undefined {
    return this.#shown;
  }

  /** How to read the pictures of the decoded stream; known after the first picture is decoded. */
  look(): PictureLook {
    return describeLook(this.#header.streamLines, this.#decoded);
  }

  #readShowinfo(line: string): void {
    const stamp = /\] n: *\d+ pts: *(-?\d+|NOPTS) .*? s:(\d+)x(\d+) i:(.)/.exec(line);
    if (stamp !== null && this.#timeBase !== undefined) {
      // A picture arrived after all.
      this.#complaints.forgetEarlyWarnings(this.#live && !this.#began);
      this.#began = true;
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

  /** The filters are configured anew when the pictures change. */
  #readSize(line: string): void {
    const size = decodedSize(line);
    if (size === undefined) return;
    this.#decoded ??= size;
    const shown = { width: Math.round(size.width * size.pixelShape), height: size.height };
    const { width, height } = (this.#shown ??= shown);
    if (shown.width === width && shown.height === height) return;
    this.#shown = shown;
    this.onResize(shown.width, shown.height);
  }

  #readDetail(line: string): void {
    const previous = /^\[verbose\] (-?\d+\.\d{6})$/.exec(line)?.[1];
    if (previous !== undefined) this.#previousTime = Number(previous);
    if (line.startsWith('[graph ')) this.#readSize(line);
    const shift = /\[verbose\] Correcting start time (?:of Input #0 )?by (-?\d+)/.exec(line)?.[1];
    if (shift !== undefined) this.#startCorrection += Number(shift) / 1e6;
  }
}

/**
 * What the decoder passes to the first filter: `[graph 0 input from stream 0:1 @ ...] [verbose] w:96 h:64
 * pixfmt:yuv420p tb:1/90000 fr:25/1 sar:1/1`.
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
