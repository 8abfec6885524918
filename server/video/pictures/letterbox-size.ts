/**
 * Fits a picture into a square of `side` pixels: the longer side becomes `side`, the other is truncated,
 * never below 1; of an odd number of padding pixels the extra one goes to the bottom or right. The order of
 * the divisions follows the reference (`int((height / width) * side)`), whose rounding decides some sizes.
 */
export function letterboxSize(width: number, height: number, side: number): LetterboxSize {
  const landscape = width > height;
  const fittedWidth = landscape ? side : Math.max(1, Math.trunc((width / height) * side));
  const fittedHeight = landscape ? Math.max(1, Math.trunc((height / width) * side)) : side;
  return {
    width: fittedWidth,
    height: fittedHeight,
    left: Math.floor((side - fittedWidth) / 2),
    top: Math.floor((side - fittedHeight) / 2),
  };
}

/** Where a picture goes in its square: as {@link letterboxSize} says, or all over it. */
export function fittedSize(width: number, height: number, { side, fit }: PictureShape): LetterboxSize {
  return fit === 'stretch'
    ? { width: side, height: side, left: 0, top: 0 }
    : letterboxSize(width, height, side);
}

/** The pictures that a model takes. */
export interface PictureShape {
  /** Side in pixels of the square picture. */
  readonly side: number;
  /** How pictures of other shapes become square. Default: `pad`. */
  readonly fit?: PictureFit;
  /**
   * Longest side in pixels, at least `side`, of a larger picture that comes with frames; default: none comes.
   */
  readonly detail?: number | undefined;
}

/**
 * How a picture that is not square becomes square: `pad` keeps its shape and adds black, `stretch` fills the
 * square with it.
 */
export type PictureFit = 'pad' | 'stretch';

/**
 * The size of a picture of its own shape within another size; a smaller one is enlarged, by no more than a
 * half.
 */
export function sizeWithin({ width, height }: Size, within: Size): Size {
  const scale = Math.min(mostEnlarged, within.width / width, within.height / height);
  return { width: scaled(width, scale), height: scaled(height, scale) };
}

/** Whole pixels; the same division may miss a whole number by its rounding. */
function scaled(length: number, scale: number): number {
  return Math.max(1, Math.trunc(length * scale + tolerance));
}

const tolerance = 0.001;

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Small letters are read better for it; more gives nothing. */
const mostEnlarged = 1.5;

/** Where a picture lies in its square, in pixels. */
export interface LetterboxSize {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

/**
 * Area averaging shrinks without aliasing and enlarges bilinearly; of ffmpeg's scalers it comes closest to
 * the reference. Without `full_chroma_int` two neighbouring pixels share a colour, which costs 3-6 dB against
 * the reference and saves 1 % of the time.
 */
const scalerFlags = 'area+accurate_rnd+full_chroma_int';

/** Special properties of the pictures to fit into a square. */
interface LetterboxTraits {
  readonly transparent: boolean;
  readonly hdr: boolean;
  /** BT.709 YUV that is not marked as such. */
  readonly highDefinition?: boolean;
}

/**
 * The same in ffmpeg's filters, for the size at which a viewer shows the picture: sample aspect ratio applied
 * (ffmpeg has already applied rotation). The chain ends in packed RGB of `side` x `side`, even when size or
 * shape change midway. Transparent areas become black; otherwise the colours hidden under them would show.
 */
export function letterboxFilters(
  { side, fit = 'pad' }: PictureShape,
  { transparent, hdr, highDefinition = false }: LetterboxTraits = { transparent: false, hdr: false },
): string[] {
  const { width, height } = fit === 'pad' ? letterboxExpressions(side) : { width: side, height: side };
  const matrix = highDefinition ? ':in_color_matrix=bt709' : '';
  return [
    // Re-evaluated when the pixel aspect ratio changes, for which ffmpeg does not rebuild the filters.
    `scale=w='${width}':h='${height}'${matrix}:flags=${scalerFlags}:eval=frame`,
    ...(hdr ? toneMapping : []),
    ...(transparent ? ['format=gbrap', 'setrange=full', 'premultiply=inplace=1'] : []),
    'format=rgb24',
    ...(fit === 'pad' ? [padding(side)] : []),
  ];
}

/** {@link letterboxSize} in ffmpeg's words. */
function letterboxExpressions(side: number): { readonly width: string; readonly height: string } {
  const displayWidth = '(iw*sar)';
  const landscape = `gt(${displayWidth},ih)`;
  return {
    width: `if(${landscape},${side},max(1,trunc((${displayWidth}/ih)*${side})))`,
    height: `if(${landscape},max(1,trunc((ih/${displayWidth})*${side})),${side})`,
  };
}

/**
 * The filters that give each picture twice in one, as {@link takeApart} reads it: above in its own shape
 * within a size, at its left and top; below at the left as `square` makes it, of `side` pixels.
 */
export function withDetail(square: readonly string[], side: number, within: Size): string {
  const scale = `min(${mostEnlarged},min(${within.width}/(iw*sar),${within.height}/ih))`;
  const [width, height] = ['iw*sar', 'ih'].map((size) => `max(1,trunc(${size}*${scale}+${tolerance}))`);
  const across = Math.max(side, within.width);
  const above = [
    `scale=w='${width}':h='${height}':flags=${scalerFlags}:eval=frame`,
    'format=rgb24',
    `pad=w=${across}:h=${within.height}:x=0:y=0:color=black:eval=frame`,
  ];
  const below = [...square, `pad=w=${across}:h=ih:x=0:y=0:color=black`];
  return `split[whole][sampled];[whole]${above.join(',')}[above];[sampled]${below.join(',')}[below];[above][below]vstack`;
}

function padding(side: number): string {
  return `pad=w=${side}:h=${side}:x='floor((ow-iw)/2)':y='floor((oh-ih)/2)':color=black:eval=frame`;
}

/**
 * High to standard dynamic range: light of 203 nits, the white of a page in HDR (ITU-R BT.2408), becomes
 * white; brighter light, up to about 1,000 nits, is compressed into the top tenth.
 */
const toneMapping = [
  'format=yuv444p10',
  'zscale=t=linear:npl=203',
  'format=gbrpf32le',
  'zscale=p=bt709',
  'tonemap=mobius:param=0.9:peak=5',
  'zscale=t=bt709:m=gbr:r=full',
  'format=gbrp',
];
