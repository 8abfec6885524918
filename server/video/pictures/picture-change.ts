import type { Picture } from '../frame.js';

/**
 * How much a picture differs from another of the same size, from 0 to 1: the largest change of a colour in
 * any of 16 x 16 cells, each taken as its mean. A thing that moves changes few cells, and much; noise changes
 * all, and little.
 */
export function pictureChange(before: PictureGrid, after: PictureGrid): number {
  let most = 0;
  for (const [index, value] of after.means.entries()) {
    most = Math.max(most, Math.abs(value - (before.means[index] ?? 0)));
  }
  return most / 255;
}

/** A picture in a few numbers, to compare it with another. */
export interface PictureGrid {
  /** The mean of each colour in each cell, from 0 to 255; rows from the top, cells from the left. */
  readonly means: Float32Array;
}

/** Cells along each side. */
const cells = 16;

/** At most so many pixels along each side of a cell are read. */
const pixelsPerCell = 8;

/** Gives the grid of a picture, which is made when it is first asked for. */
export function gridOnce(picture: Picture): () => PictureGrid {
  let grid: PictureGrid | null = null;
  return () => (grid ??= gridOf(picture));
}

/** The grid of a picture. */
export function gridOf({ width, height, rgb }: Picture): PictureGrid {
  const sums = new Float32Array(cells * cells * 3);
  const counts = new Float32Array(cells * cells);
  const step = (side: number): number => Math.max(1, Math.floor(side / (cells * pixelsPerCell)));
  const [right, down] = [step(width), step(height)];
  for (let y = 0; y < height; y += down) {
    const row = Math.floor((y * cells) / height) * cells;
    for (let x = 0; x < width; x += right) {
      const cell = row + Math.floor((x * cells) / width);
      const pixel = (y * width + x) * 3;
      for (let colour = 0; colour < 3; colour++) {
        sums[cell * 3 + colour] = (sums[cell * 3 + colour] ?? 0) + (rgb[pixel + colour] ?? 0);
      }
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  return { means: sums.map((sum, index) => sum / Math.max(1, counts[Math.floor(index / 3)] ?? 1)) };
}
