import { isDeepStrictEqual } from 'node:util';

import type { StartedDecoder } from '../ffmpeg/decoder.js';

/** Special properties of a video's pictures; known for certain once the first one is decoded. */
export interface PictureTraits {
  readonly transparent: boolean;
  /**
   * ffmpeg's name of the decoder that reads separately stored transparency; null when its default is right.
   */
  readonly alphaDecoder: string | null;
  /**
   * High dynamic range: light brighter than page white, coded with a transfer function (PQ, HLG) that 8-bit
   * screens cannot show.
   */
  readonly hdr: boolean;
  readonly interlaced: boolean;
  /** BT.709 YUV that the stream does not mark as such; ffmpeg would assume BT.601. */
  readonly highDefinition: boolean;
}

/** The traits of most videos. */
export const plainTraits: PictureTraits = {
  transparent: false,
  alphaDecoder: null,
  hdr: false,
  interlaced: false,
  highDefinition: false,
};

/**
 * The traits of a video whose first picture is decoded. It was read with the traits `known`, so what those
 * corrected can no longer be seen.
 */
export function traitsOf(
  { decoder: { log }, first: { stamp } }: StartedDecoder,
  known: PictureTraits,
): PictureTraits {
  const { transfer, interlaced, separateAlpha, matrixUnknown, codedHeight } = log.look();
  const { codec, pixelFormat } = log.describe();
  return {
    transparent: known.transparent || transparentFormat.test(pixelFormat),
    alphaDecoder: separateAlpha ? (alphaDecoders.get(codec) ?? null) : null,
    hdr: transfer === 'smpte2084' || transfer === 'arib-std-b67',
    interlaced: known.interlaced || interlaced || stamp.interlaced === true,
    highDefinition: matrixUnknown && codedHeight >= highDefinitionRows && yuvFormat.test(pixelFormat),
  };
}

/** Whether pictures with both traits are processed alike. */
export function sameTraits(one: PictureTraits, other: PictureTraits): boolean {
  return isDeepStrictEqual(one, other);
}

/**
 * ffmpeg's pixel formats with an alpha channel: yuva420p, rgba, abgr, gbrap10le, ya8, pal8 (with alpha in its
 * palette) and so on.
 */
const transparentFormat = /^(yuva|rgba|bgra|argb|abgr|gbrap|ya\d|pal8|ayuv|vuya)/;

/** When a stream does not name its matrix, browsers assume BT.709 from this many rows on. */
const highDefinitionRows = 720;

/** ffmpeg's YUV pixel formats: yuv420p, yuva444p10le, nv12, p010le. */
const yuvFormat = /^(yuv|nv\d|p0\d)/;

/** ffmpeg's own VP8 and VP9 decoders ignore the second picture, which holds the transparency. */
const alphaDecoders = new Map([
  ['vp8', 'libvpx'],
  ['vp9', 'libvpx-vp9'],
]);
