import { DuetError } from '../errors.js';
import type { Fraction } from './ffmpeg-log.js';
import type { VideoInfo } from './stream.js';

/** What ffmpeg says of the input before it decodes: all but `live`, which depends on the source. */
export interface InputDescription extends Omit<VideoInfo, 'live'> {
  /** Name of the pixel format, such as `yuv420p`. */
  readonly pixelFormat: string;
}

/** What a stream says of the look of its pictures beyond size and format. */
export interface PictureLook {
  /**
   * Name of the curve from light to code value, such as `bt709` or `smpte2084`; null where the stream does
   * not say.
   */
  readonly transfer: string | null;
  /** Whether the two fields of a picture are of different moments. */
  readonly interlaced: boolean;
  /**
   * Whether the transparency lies in pictures of its own, which only some decoders read (VP8 and VP9 in
   * WebM).
   */
  readonly separateAlpha: boolean;
}

/**
 * Reads what ffmpeg prints of its input: the line `Stream #0:1 ... Video: ...` of the stream that is decoded,
 * and what stands indented below it.
 *
 * @param lines the stream's line, then those below it.
 * @param frameRate the exact rate, which the line rounds.
 * @throws DuetError 'source_failed' when size or codec are not told, as of a damaged file, or in other words
 * than expected.
 */
export function describeInput(
  lines: readonly string[],
  frameRate: Fraction | undefined,
  duration: number | null,
): InputDescription {
  const [line = '', ...below] = lines;
  const codec = /: Video: ([^\s,]+)/.exec(line)?.[1];
  const size = /, (\d+)x(\d+)(?=[\s,]|$)/.exec(line);
  if (codec === undefined || size === null) {
    throw new DuetError(
      'source_failed',
      'the video stream may be damaged: its description is not understood ' +
        `(ffmpeg says: ${line.trim() || 'nothing'})`,
    );
  }
  return {
    codec,
    pixelFormat: pixelsOf(line)?.[1] ?? '',
    ...shownSize(Number(size[1]), Number(size[2]), pixelShape(line), rotation(below)),
    fps: exactRate(printedRate(line), frameRate),
    duration,
  };
}

/** Reads the look of the pictures from the same lines. */
export function describeLook([line = '', ...below]: readonly string[]): PictureLook {
  const details = pixelsOf(line)?.[2] ?? '';
  return {
    // Matrix/primaries/transfer; one word where all three are called the same, which no HDR video has.
    transfer: /[\w-]+\/[\w-]+\/([\w-]+)/.exec(details)?.[1] ?? null,
    interlaced: / first\b/.test(details),
    separateAlpha: below.some((text) => /^\s+alpha_mode\s*: 1$/i.test(text)),
  };
}

/**
 * The format's name and, in brackets, range, colours and order of the fields: `yuv420p10le(tv,
 * bt2020nc/bt2020/smpte2084, top first), 96x64`.
 */
function pixelsOf(line: string): RegExpExecArray | null {
  return /, ([a-z][a-z0-9_]*)(?:\(((?:[^()]|\([^()]*\))*)\))?, \d+x\d+/.exec(line);
}

/** Width of a pixel in heights of one: the sample aspect ratio. */
function pixelShape(line: string): number {
  const printed = /\bSAR (\d+):(\d+)/.exec(line);
  const shape = printed === null ? 1 : Number(printed[1]) / Number(printed[2]);
  return shape > 0 && Number.isFinite(shape) ? shape : 1;
}

/** Degrees by which players, and ffmpeg before its first filter, turn the picture. */
function rotation(below: readonly string[]): number {
  for (const text of below) {
    const printed = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(text)?.[1];
    if (printed !== undefined) return Number(printed);
  }
  return 0;
}

function shownSize(
  width: number,
  height: number,
  shape: number,
  degrees: number,
): Pick<VideoInfo, 'width' | 'height'> {
  const shownWidth = Math.max(1, Math.round(width * shape));
  const quarterTurn = Math.abs(Math.abs(degrees % 180) - 90) < 1;
  return quarterTurn ? { width: height, height: shownWidth } : { width: shownWidth, height };
}

function printedRate(line: string): number | null {
  const printed = /, ([\d.]+)(k?) fps/.exec(line);
  return printed === null ? null : Number(printed[1]) * (printed[2] === 'k' ? 1000 : 1);
}

/**
 * The stream's line rounds its average rate to two decimals; where the exact fraction agrees with it, that is
 * what was meant.
 */
function exactRate(printed: number | null, fraction: Fraction | undefined): number | null {
  if (printed === null || printed === 0) return null;
  if (fraction === undefined || fraction.denominator === 0) return printed;
  const exact = fraction.numerator / fraction.denominator;
  return Math.abs(exact - printed) <= 0.00501 ? exact : printed;
}
