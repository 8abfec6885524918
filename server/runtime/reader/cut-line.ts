import type { Picture } from '../../video/frame.js';
import type { TurnedBox } from './smallest-box.js';

/**
 * Cuts a line of text out of a picture, upright and `height` pixels high: packed BGR from 0 to 255, bilinear
 * between pixels, repeating those of the edge. A line that lies on its side is cut in both ways in which it
 * may be read, downwards first. A very long one is squeezed to {@link longestLine} times its height.
 */
export function cutLine(picture: Picture, box: TurnedBox, height: number): readonly CutLine[] {
  const { long, short, along } = uprightLine(box);
  const width = Math.max(1, Math.min(Math.ceil((long / short) * height), longestLine * height));
  const ways = along === box.angle ? [along] : [along, along - Math.PI];
  return ways.map((way) => sampled(picture, { ...box, long, short, along: way }, width, height));
}

/** See {@link cutLine}. */
export interface CutLine {
  readonly width: number;
  readonly height: number;
  readonly bgr: Float32Array;
}

/** What the line in a box looks like in a few numbers, from 0 to 255: the brightness of each of its parts. */
export function lookOf(picture: Picture, box: TurnedBox): Uint8Array {
  const [width, height] = [lookColumns * fineness, lookRows * fineness];
  const { bgr } = sampled(picture, { ...box, ...uprightLine(box) }, width, height);
  const sums = new Float32Array(lookColumns * lookRows);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const part = Math.floor(pixel / width / fineness) * lookColumns + Math.floor((pixel % width) / fineness);
    const brightness = (bgr[pixel * 3] ?? 0) + (bgr[pixel * 3 + 1] ?? 0) + (bgr[pixel * 3 + 2] ?? 0);
    sums[part] = (sums[part] ?? 0) + brightness;
  }
  return Uint8Array.from(sums, (sum) => sum / (3 * fineness * fineness));
}

/** Whether two looks are of the same text, but for noise and light. */
export function looksAlike(one: Uint8Array, other: Uint8Array): boolean {
  let [sum, most] = [0, 0];
  const brighter = meanOf(one) - meanOf(other);
  for (const [part, value] of one.entries()) {
    const change = Math.abs(value - (other[part] ?? 0) - brighter);
    sum += change;
    most = Math.max(most, change);
  }
  return sum / one.length <= alikeMean && most <= alikeMost;
}

const lookColumns = 64;
const lookRows = 8;

/** Points along each side of a part. */
const fineness = 2;

/** Levels of brightness by which parts of the same text differ, on average and at most. */
const alikeMean = 6;
const alikeMost = 40;

/** A line that is so many times as high as wide lies on its side. */
const lyingFrom = 1.5;

/** Times its height. */
const longestLine = 25;

function meanOf(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How a line lies in the picture: how long and how high it is, and where it runs, in radians. */
function uprightLine({ width, height, angle }: TurnedBox): UprightLine {
  return height >= lyingFrom * width
    ? { long: height, short: width, along: angle + Math.PI / 2 }
    : { long: width, short: height, along: angle };
}

interface UprightLine {
  readonly long: number;
  readonly short: number;
  readonly along: number;
}

function sampled(
  picture: Picture,
  { x: middle, y: centre, long, short, along }: UprightLine & Pick<TurnedBox, 'x' | 'y'>,
  width: number,
  height: number,
): CutLine {
  const bgr = new Float32Array(width * height * 3);
  const [cos, sin] = [Math.cos(along), Math.sin(along)];
  for (let row = 0; row < height; row += 1) {
    const down = ((row + 0.5) / height - 0.5) * short;
    for (let column = 0; column < width; column += 1) {
      const right = ((column + 0.5) / width - 0.5) * long;
      const [x, y] = [middle + right * cos - down * sin, centre + right * sin + down * cos];
      writePixel(picture, x - 0.5, y - 0.5, bgr, (row * width + column) * 3);
    }
  }
  return { width, height, bgr };
}

function writePixel(
  { rgb, width, height }: Picture,
  x: number,
  y: number,
  to: Float32Array,
  at: number,
): void {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const [left, right] = [clamp(column, width) * 3, clamp(column + 1, width) * 3];
  const [above, below] = [clamp(row, height) * width * 3, clamp(row + 1, height) * width * 3];
  const [shareX, shareY] = [x - column, y - row];
  for (let colour = 0; colour < 3; colour += 1) {
    const upper =
      (rgb[above + left + colour] ?? 0) * (1 - shareX) + (rgb[above + right + colour] ?? 0) * shareX;
    const lower =
      (rgb[below + left + colour] ?? 0) * (1 - shareX) + (rgb[below + right + colour] ?? 0) * shareX;
    to[at + 2 - colour] = upper * (1 - shareY) + lower * shareY;
  }
}

function clamp(value: number, size: number): number {
  return Math.min(Math.max(value, 0), size - 1);
}
