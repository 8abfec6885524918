import { DuetError } from '../../errors.js';
import type { Fraction } from './frame-stamp.js';
import type { VideoInfo } from '../stream.js';

/**
 * Parses ffmpeg's description of its input: the line `Stream #0:1 ... Video: ...` of the decoded stream and
 * the lines indented below it.
 *
 * @param lines the stream's line, then those below it.
 * @param frameRate the exact rate, which the line rounds.
 * @param decoded fills in what the line lacks: when pictures begin long after the sound, ffmpeg has not seen
 * any yet when it prints the line.
 * @throws DuetError 'source_failed' when size or codec are missing, as in a damaged file, or in an unexpected
 * form.
 */
export function describeInput(
  lines: readonly string[],
  frameRate: Fraction | undefined,
  duration: number | null,
  decoded?: DecodedSize,
): InputDescription {
  const [line = '', ...below] = lines;
  const codec = /: Video: ([^\s,]+)/.exec(line)?.[1];
  const size = printedSize(line) ?? decoded;
  if (codec === undefined || size === undefined) {
    throw new DuetError(
      'source_failed',
      'the video stream may be damaged: its description is not understood ' +
        `(ffmpeg says: ${line.trim() || 'nothing'})`,
    );
  }
  return {
    codec,
    pixelFormat: pixelsOf(line)?.[1] ?? decoded?.pixelFormat ?? '',
    ...shownSize(size, printedShape(line) ?? decoded?.pixelShape ?? 1, rotation(below)),
    fps: exactRate(printedRate(line), frameRate),
    duration,
  };
}

/** Parses the look of the pictures from the same lines. */
export function describeLook([line = '', ...below]: readonly string[], decoded?: DecodedSize): PictureLook {
  const details = pixelsOf(line)?.[2] ?? '';
  // Matrix/primaries/transfer; a single word when all three have the same name, which no HDR video has.
  const colours = /([\w-]+)\/[\w-]+\/([\w-]+)/.exec(details);
  return {
    transfer: colours?.[2] ?? null,
    matrixUnknown: colours === null ? !/\b(bt|smpte|fcc|ycgco|gbr)/.test(details) : colours[1] === 'unknown',
    codedHeight: (printedSize(line) ?? decoded)?.height ?? 0,
    interlaced: / first\b/.test(details),
    separateAlpha: below.some((text) => /^\s+alpha_mode\s*: 1$/i.test(text)),
  };
}

/** What ffmpeg says about the input before decoding: everything but `live`, which depends on the source. */
export interface InputDescription extends Omit<VideoInfo, 'live'> {
  /** Name of the pixel format, such as `yuv420p`. */
  readonly pixelFormat: string;
}

/** Properties of a stream's pictures beyond size and format. */
export interface PictureLook {
  /** Whether the stream does not name the matrix that converts its YUV to RGB. */
  readonly matrixUnknown: boolean;
  /** Rows of a coded picture, before rotation. */
  readonly codedHeight: number;
  /** Transfer function, such as `bt709` or `smpte2084`; null when the stream does not name one. */
  readonly transfer: string | null;
  /** Whether the two fields of a picture were taken at different moments. */
  readonly interlaced: boolean;
  /**
   * Whether transparency is stored as separate pictures, which only some decoders read (VP8 and VP9 in WebM).
   */
  readonly separateAlpha: boolean;
}

/** Size and format of the first decoded picture, as ffmpeg prints them. */
export interface DecodedSize {
  readonly width: number;
  readonly height: number;
  readonly pixelFormat: string;
  /** Pixel width divided by pixel height. */
  readonly pixelShape: number;
}

/**
 * The format's name and, in brackets, range, colours and field order: `yuv420p10le(tv,
 * bt2020nc/bt2020/smpte2084, top first), 96x64`.
 */
function pixelsOf(line: string): RegExpExecArray | null {
  return /, ([a-z][a-z0-9_]*)(?:\(((?:[^()]|\([^()]*\))*)\))?, \d+x\d+/.exec(line);
}

function printedSize(line: string): { width: number; height: number } | undefined {
  const size = /, (\d+)x(\d+)(?=[\s,]|$)/.exec(line);
  return size === null ? undefined : { width: Number(size[1]), height: Number(size[2]) };
}

/** Pixel width divided by pixel height: the sample aspect ratio. */
function printedShape(line: string): number | undefined {
  const printed = /\bSAR (\d+):(\d+)/.exec(line);
  return printed === null ? undefined : pixelShape(Number(printed[1]), Number(printed[2]));
}

/** Pixel width divided by pixel height; 1 when the ratio is invalid. */
export function pixelShape(width: number, height: number): number {
  const shape = width / height;
  return shape > 0 && Number.isFinite(shape) ? shape : 1;
}

/** Degrees by which players, and ffmpeg before its first filter, rotate the picture. */
function rotation(below: readonly string[]): number {
  for (const text of below) {
    const printed = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(text)?.[1];
    if (printed !== undefined) return Number(printed);
  }
  return 0;
}

function shownSize(
  { width, height }: { readonly width: number; readonly height: number },
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

/** The stream's line rounds its average rate to two decimals; the exact fraction is used when it agrees. */
function exactRate(printed: number | null, fraction: Fraction | undefined): number | null {
  if (printed === null || printed === 0) return null;
  if (fraction === undefined || fraction.denominator === 0) return printed;
  const exact = fraction.numerator / fraction.denominator;
  return Math.abs(exact - printed) <= 0.00501 ? exact : printed;
}
