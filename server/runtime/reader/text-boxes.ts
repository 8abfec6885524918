import { smallestBox, type Point, type TurnedBox } from './smallest-box.js';

/**
 * The boxes around lines of text in a map that says of each pixel how likely it belongs to one (from 0 to 1,
 * rows from the top), as DBNet's authors find them: likely pixels that touch are one line, and since the map
 * shows lines thinner than they are, each box is widened. The largest come first, {@link mostBoxes} at most.
 */
export function textBoxes({ map, width, height }: TextMap): readonly TurnedBox[] {
  const likely = likelyPixels({ map, width, height });
  const found: TurnedBox[] = [];
  for (let start = 0; start < likely.length; start += 1) {
    if (likely[start] !== 1) continue;
    const region = takeRegion(likely, start, { map, width, height });
    if (region.likelihood < leastLikelihood) continue;
    const thin = smallestBox(region.outline);
    if (thin === null || Math.min(thin.width, thin.height) < leastThin) continue;
    const box = widened(thin);
    if (Math.min(box.width, box.height) >= leastThin + 2) found.push(box);
  }
  return found.sort((one, other) => other.width * other.height - one.width * one.height).slice(0, mostBoxes);
}

/** See {@link textBoxes}. */
interface TextMap {
  readonly map: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** A picture full of small print has more; those would take seconds to read. */
const mostBoxes = 100;

/** The authors' numbers. */
const likelyFrom = 0.3;
const leastLikelihood = 0.6;
const leastThin = 3;
const widening = 1.6;

/** 1 where a pixel, or the one before it in its row, or either above them, is likely. */
function likelyPixels({ map, width, height }: TextMap): Uint8Array {
  const likely = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      if ((map[at] ?? 0) <= likelyFrom) continue;
      likely[at] = 1;
      if (x + 1 < width) likely[at + 1] = 1;
      if (y + 1 < height) likely[at + width] = 1;
      if (x + 1 < width && y + 1 < height) likely[at + width + 1] = 1;
    }
  }
  return likely;
}

/**
 * Takes the region around `start`, whose pixels are set to 0: the first and the last pixel of each of its
 * rows, and the mean of the map in it, which lines that are bent do not lower.
 */
function takeRegion(likely: Uint8Array, start: number, { map, width, height }: TextMap): Region {
  const rows = new Map<number, { first: number; last: number }>();
  const waiting = [start];
  likely[start] = 0;
  let [sum, count] = [0, 0];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const row = rows.get(y) ?? { first: x, last: x };
    rows.set(y, { first: Math.min(row.first, x), last: Math.max(row.last, x) });
    sum += map[at] ?? 0;
    count += 1;
    for (let down = Math.max(0, y - 1); down <= Math.min(height - 1, y + 1); down += 1) {
      for (let right = Math.max(0, x - 1); right <= Math.min(width - 1, x + 1); right += 1) {
        const next = down * width + right;
        if (likely[next] !== 1) continue;
        likely[next] = 0;
        waiting.push(next);
      }
    }
  }
  const outline = [...rows].flatMap(([y, { first, last }]) => [
    { x: first, y },
    { x: last, y },
  ]);
  return { outline, likelihood: sum / count };
}

interface Region {
  readonly outline: readonly Point[];
  readonly likelihood: number;
}

function widened(box: TurnedBox): TurnedBox {
  const by = (box.width * box.height * widening) / (2 * (box.width + box.height));
  return { ...box, width: box.width + 2 * by, height: box.height + 2 * by };
}
