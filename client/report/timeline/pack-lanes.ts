/** Something that takes room from one end to the other. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/**
 * A lane for every extent, from 0: the first in which it touches nothing. When all lanes are taken the last is shared,
 * so that the drawing does not grow without bound.
 */
export function packLanes(extents: readonly Extent[], mostLanes: number): readonly number[] {
  const order = extents.map((_, index) => index).sort((a, b) => from(extents, a) - from(extents, b));
  const ends: number[] = [];
  const lanes = extents.map(() => 0);
  for (const index of order) {
    const free = ends.findIndex((end) => end <= from(extents, index));
    const lane = free === -1 ? Math.min(ends.length, mostLanes - 1) : free;
    lanes[index] = lane;
    ends[lane] = Math.max(ends[lane] ?? -Infinity, extents[index]?.to ?? 0);
  }
  return lanes;
}

function from(extents: readonly Extent[], index: number): number {
  return extents[index]?.from ?? 0;
}
