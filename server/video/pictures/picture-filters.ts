import type { FfmpegBinary } from '../ffmpeg/binary.js';
import { hasDecoder, hasFilters } from '../ffmpeg/capabilities.js';
import { letterboxFilters, withDetail } from './letterbox-size.js';
import type { PictureShape, Size } from './letterbox-size.js';
import type { PictureTraits } from './picture-traits.js';

/**
 * The ffmpeg options and filters for pictures with these traits, made square as `shape` says. `within`: the
 * room for a larger picture beside each. ffmpeg's capabilities are queried only when the traits need
 * something special.
 */
export async function pictureFilters(
  traits: PictureTraits,
  shape: PictureShape,
  ffmpeg: FfmpegBinary,
  within: Size | null = null,
): Promise<PictureFilters> {
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
  const { highDefinition } = traits;
  const transparent = traits.transparent || alpha;
  const square = letterboxFilters(shape, { transparent, hdr: toneMapped, highDefinition });
  const letterbox = within === null ? square : [withDetail(square, shape.side, within)];
  return {
    options: alpha && alphaDecoder !== null ? ['-c:v', alphaDecoder] : [],
    fields: deinterlaced ? ['bwdif=mode=send_frame:deint=interlaced'] : [],
    letterbox,
    shortcomings,
  };
}

/** How to process pictures with certain traits. */
export interface PictureFilters {
  /** Options before the input. */
  readonly options: readonly string[];
  /** Filters that must see every picture, before sampling. */
  readonly fields: readonly string[];
  /** Filters that make the final square picture, with the larger one where it is asked for. */
  readonly letterbox: readonly string[];
  /** What this ffmpeg cannot do for them, in words. */
  readonly shortcomings: readonly string[];
}
