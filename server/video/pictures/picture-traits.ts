import { isDeepStrictEqual } from 'node:util';

import type { StartedDecoder } from '../ffmpeg/decoder.js';

/** What is special about the pictures of a video; known for sure once the first one is decoded. */
export interface PictureTraits {
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
  transparent: false,
  alphaDecoder: null,
  hdr: false,
  interlaced: false,
  highDefinition: false,
};

/**
 * The traits of a video whose first picture is there. It was read as `known` says, so what that corrected can
 * no longer be seen.
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

/** Whether pictures of both traits are read alike. */
export function sameTraits(one: PictureTraits, other: PictureTraits): boolean {
  return isDeepStrictEqual(one, other);
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
