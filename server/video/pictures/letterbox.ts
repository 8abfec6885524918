import type { Picture } from '../frame.js';
import { letterboxSize, type LetterboxSize } from './letterbox-size.js';

/**
 * Fits a picture into a square as the reference does (see `letterboxSize`): bilinear between the two nearest
 * pixels in each direction, half-pixel centres, no antialiasing, padded black. Bit-identical to OpenCV's
 * `resize(INTER_LINEAR)` on bytes: 11-bit weights, the same shifts, the same rounding.
 *
 * @param place where the picture goes in the square; by default its own size decides. For a picture that was
 * shrunk before, pass the place of the full one.
 */
export function letterbox(
  picture: Picture,
  side: number,
  place: LetterboxSize = letterboxSize(picture.width, picture.height, side),
): Picture {
  const { width, height, left, top } = place;
  const rgb = new Uint8Array(side * side * 3);
  const columns = axisTaps(picture.width, width, true);
  const rows = axisTaps(picture.height, height, false);
  if (picture.width === 2 * width && picture.height === 2 * height) {
    // At exactly half the size OpenCV averages 2 x 2 pixels, which rounds differently.
    halve(picture, rgb, (top * side + left) * 3, side * 3);
  } else {
    interpolate(picture, columns, rows, rgb, (top * side + left) * 3, side * 3);
  }
  return { width: side, height: side, rgb };
}

/** OpenCV's fixed-point scale of interpolation weights: 11 bits. */
const weightScale = 2048;

/** For each output position along one axis: the two source positions and their integer weights. */
interface AxisTaps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly firstWeight: Int32Array;
  readonly secondWeight: Int32Array;
}

/**
 * @param snapEdges whether positions beyond the edge give the edge pixel the whole weight, as OpenCV does
 * along rows; along columns it splits the weight between the edge and itself, which rounds differently.
 */
function axisTaps(from: number, to: number, snapEdges: boolean): AxisTaps {
  const taps: AxisTaps = {
    first: new Int32Array(to),
    second: new Int32Array(to),
    firstWeight: new Int32Array(to),
    secondWeight: new Int32Array(to),
  };
  const scale = 1 / (to / from);
  for (let i = 0; i < to; i += 1) {
    const centre = Math.fround((i + 0.5) * scale - 0.5);
    const first = Math.floor(centre);
    const beyond = first < 0 || first >= from - 1;
    const fraction = snapEdges && beyond ? 0 : Math.fround(centre - first);
    taps.first[i] = Math.min(Math.max(first, 0), from - 1);
    taps.second[i] = Math.min(Math.max(first + 1, 0), from - 1);
    taps.firstWeight[i] = roundHalfToEven(Math.fround(1 - fraction) * weightScale);
    taps.secondWeight[i] = roundHalfToEven(fraction * weightScale);
  }
  return taps;
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function interpolate(
  from: Picture,
  columns: AxisTaps,
  rows: AxisTaps,
  to: Uint8Array,
  offset: number,
  stride: number,
): void {
  const length = columns.first.length * 3;
  let upper = { row: -1, values: new Int32Array(length) };
  let lower = { row: -1, values: new Int32Array(length) };
  for (let y = 0; y < rows.first.length; y += 1) {
    const [upperRow, lowerRow] = [rows.first[y] ?? 0, rows.second[y] ?? 0];
    // Going down, the lower row often becomes the upper one.
    if (upper.row !== upperRow && lower.row === upperRow) [upper, lower] = [lower, upper];
    if (upper.row !== upperRow)
      interpolateRow(from, upperRow, columns, (upper = { row: upperRow, values: upper.values }).values);
    if (lower.row !== lowerRow)
      interpolateRow(from, lowerRow, columns, (lower = { row: lowerRow, values: lower.values }).values);
    const [upperWeight, lowerWeight] = [rows.firstWeight[y] ?? 0, rows.secondWeight[y] ?? 0];
    const target = offset + y * stride;
    for (let x = 0; x < length; x += 1) {
      const above = (upperWeight * ((upper.values[x] ?? 0) >> 4)) >> 16;
      const below = (lowerWeight * ((lower.values[x] ?? 0) >> 4)) >> 16;
      to[target + x] = (above + below + 2) >> 2;
    }
  }
}

/** One source row at the output's width, each value scaled by {@link weightScale}. */
function interpolateRow({ rgb, width }: Picture, row: number, columns: AxisTaps, values: Int32Array): void {
  const start = row * width * 3;
  for (let x = 0, out = 0; x < columns.first.length; x += 1) {
    const first = start + (columns.first[x] ?? 0) * 3;
    const second = start + (columns.second[x] ?? 0) * 3;
    const [firstWeight, secondWeight] = [columns.firstWeight[x] ?? 0, columns.secondWeight[x] ?? 0];
    for (let channel = 0; channel < 3; channel += 1, out += 1) {
      values[out] = (rgb[first + channel] ?? 0) * firstWeight + (rgb[second + channel] ?? 0) * secondWeight;
    }
  }
}

function halve(from: Picture, to: Uint8Array, offset: number, stride: number): void {
  const rowBytes = from.width * 3;
  for (let y = 0; y < from.height / 2; y += 1) {
    for (let x = 0; x < from.width / 2; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const at = 2 * y * rowBytes + 2 * x * 3 + channel;
        const sum =
          (from.rgb[at] ?? 0) +
          (from.rgb[at + 3] ?? 0) +
          (from.rgb[at + rowBytes] ?? 0) +
          (from.rgb[at + rowBytes + 3] ?? 0);
        to[offset + y * stride + x * 3 + channel] = (sum + 2) >> 2;
      }
    }
  }
}
