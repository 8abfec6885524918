import { hasDecoder, hasFilters } from '../ffmpeg/capabilities.js';
import type { FfmpegBinary } from '../ffmpeg/binary.js';
import type { StartedDecoder } from '../ffmpeg/decoder.js';
import { stampTime } from '../ffmpeg/log.js';
import type { FfmpegLog, FrameStamp } from '../ffmpeg/log.js';
import { selectFilter } from '../sampling/frame-selection.js';
import { letterboxFilters } from './letterbox-size.js';
import type { SamplingOptions } from '../stream.js';

/** What of a video decides how its pictures are read; known for sure once the first one is decoded. */
export interface PictureTraits {
  /**
   * Seconds to add to ffmpeg's times for the choice of pictures; 0 where whole intervals are meant, which
   * change nothing.
   */
  readonly phase: number;
  readonly transparent: boolean;
  /** ffmpeg's name of the decoder that reads transparency kept apart; null where its own choice is right. */
  readonly alphaDecoder: string | null;
  /**
   * High dynamic range: light beyond the white of a page, coded on a curve (PQ, HLG) that no screen of 8 bits
   * has.
   */
  readonly hdr: boolean;
  readonly interlaced: boolean;
  /**
   * YUV of the matrix of high definition (BT.709), though the stream does not say so; ffmpeg would take it
   * for that of television (BT.601).
   */
  readonly highDefinition: boolean;
}

/** What most videos are. */
export const plainTraits: PictureTraits = {
  phase: 0,
  transparent: false,
  alphaDecoder: null,
  hdr: false,
  interlaced: false,
  highDefinition: false,
};

/** How pictures of such traits are read. */
export interface PicturePlan {
  /** Options before the input. */
  readonly options: readonly string[];
  /** Filters that choose pictures, and give them their look. */
  readonly filters: readonly string[];
  /** Those that give any picture its look. */
  readonly look: readonly string[];
  /** What this ffmpeg cannot do for them, in words. */
  readonly shortcomings: readonly string[];
}

/**
 * The plan for a sampler other than `reference`. Asks ffmpeg what it can do only where the traits need
 * something special.
 */
export async function picturePlan(
  traits: PictureTraits,
  options: SamplingOptions,
  ffmpeg: FfmpegBinary,
): Promise<PicturePlan> {
  const shortcomings: string[] = [];
  const can = async (needed: boolean, question: Promise<boolean> | false, otherwise: string) => {
    if (!needed || (await question)) return needed;
    shortcomings.push(otherwise);
    return false;
  };
  const { alphaDecoder, hdr, interlaced } = traits;
  const alpha = await can(
    alphaDecoder !== null,
    alphaDecoder !== null && hasDecoder(ffmpeg, alphaDecoder),
    `transparency is ignored: this ffmpeg has no decoder ${alphaDecoder ?? ''}`,
  );
  const toneMapped = await can(
    hdr,
    hdr && hasFilters(ffmpeg, ['zscale', 'tonemap']),
    'HDR is not converted, so the colours are pale: this ffmpeg has no filters zscale and tonemap',
  );
  const deinterlaced = await can(
    interlaced,
    interlaced && hasFilters(ffmpeg, ['bwdif']),
    'the pictures stay interlaced, so motion has combed edges: this ffmpeg has no filter bwdif',
  );
  // Before the choice: missing lines are made of the pictures before and after, too.
  const fields = deinterlaced ? ['bwdif=mode=send_frame:deint=interlaced'] : [];
  const letterbox = letterboxFilters(options.side, {
    transparent: traits.transparent || alpha,
    hdr: toneMapped,
    highDefinition: traits.highDefinition,
  });
  return {
    options: alpha && alphaDecoder !== null ? ['-c:v', alphaDecoder] : [],
    filters: [...fields, selectFilter(options, null, traits.phase), ...letterbox],
    look: [...fields, ...letterbox],
    shortcomings,
  };
}

/**
 * The traits of a video whose first picture is there. It was read as `known` says, so what that corrected can
 * no longer be seen.
 */
export function traitsOf(
  { decoder: { log }, first: { stamp } }: StartedDecoder,
  known: PictureTraits,
  fps: number,
  live: boolean,
): PictureTraits {
  const { transfer, interlaced, separateAlpha, matrixUnknown, codedHeight } = log.look();
  const { codec, pixelFormat } = log.describe();
  return {
    // The clock of a live stream is laid such that ffmpeg's choice is right.
    phase: live ? 0 : phaseOf(playerShift(log, stamp), fps),
    transparent: known.transparent || transparentFormat.test(pixelFormat),
    alphaDecoder: separateAlpha ? (alphaDecoders.get(codec) ?? null) : null,
    hdr: transfer === 'smpte2084' || transfer === 'arib-std-b67',
    interlaced: known.interlaced || interlaced || stamp.interlaced === true,
    highDefinition: matrixUnknown && codedHeight >= highDefinitionRows && yuvFormat.test(pixelFormat),
  };
}

export function sameTraits(one: PictureTraits, other: PictureTraits): boolean {
  return (
    one.phase === other.phase &&
    one.transparent === other.transparent &&
    one.alphaDecoder === other.alphaDecoder &&
    one.hdr === other.hdr &&
    one.interlaced === other.interlaced &&
    one.highDefinition === other.highDefinition
  );
}

/**
 * Seconds to add to ffmpeg's times for the clock that players show. What begins before its zero is what
 * decoders of sound need to swing in, which no player plays.
 */
export function playerShift(log: FfmpegLog, first: FrameStamp): number {
  const { startCorrection } = log;
  const shift = startCorrection + zeroShift(log);
  return stampTime(first, shift) < 0 ? startCorrection : shift;
}

/** Seconds of a start after zero that are a codec's delay; a player shows such a picture at once. */
const codecDelay = 0.25;

/**
 * Seconds from ffmpeg's zero, which is where the first stream of the container begins, to that of players. MP4
 * and Matroska count from a zero of their own, and what begins later there is shown later; the clocks of other
 * containers begin anywhere.
 */
export function zeroShift({ containerStart, format }: FfmpegLog): number {
  const beginsLate = containerStart > codecDelay && /^(mov|matroska)\b/.test(format);
  return beginsLate ? containerStart : Math.min(0, containerStart);
}

/**
 * For the sake of so few seconds a picture may be chosen that lies by as much before its tick; a new start of
 * ffmpeg would cost more.
 */
const phaseTolerance = 0.01;

function phaseOf(shift: number, fps: number): number {
  const distance = Math.abs(shift - Math.round(shift * fps) / fps);
  return distance < phaseTolerance ? 0 : shift;
}

/**
 * ffmpeg's pixel formats with an alpha channel: yuva420p, rgba, abgr, gbrap10le, ya8, pal8 (whose palette has
 * one) and so on.
 */
const transparentFormat = /^(yuva|rgba|bgra|argb|abgr|gbrap|ya\d|pal8|ayuv|vuya)/;

/** Where a stream does not name its matrix, browsers take that of high definition from so many rows on. */
const highDefinitionRows = 720;

/** ffmpeg's pixel formats of YUV: yuv420p, yuva444p10le, nv12, p010le. */
const yuvFormat = /^(yuv|nv\d|p0\d)/;

/** ffmpeg's own decoders of VP8 and VP9 leave the second picture, which holds the transparency, unread. */
const alphaDecoders = new Map([
  ['vp8', 'libvpx'],
  ['vp9', 'libvpx-vp9'],
]);
