/** A number of a list that is known to have it: the sizes of graphs' outputs are checked where they enter. */
export function valueAt(list: ArrayLike<number>, index: number): number {
  return list[index] ?? Number.NaN;
}
