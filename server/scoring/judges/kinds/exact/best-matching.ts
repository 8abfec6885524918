/**
 * The greatest sum of entries of a matrix with at most one entry picked from every row and every column (the
 * assignment problem). Entries are whole numbers from 0. Rows are added one by one, each with the chain of
 * reassignments that gains most (found as in Bellman-Ford), which keeps the sum optimal for the rows so far.
 */
export function bestMatching(matrix: readonly (readonly number[])[]): number {
  const rowOf = new Array<number>(matrix[0]?.length ?? 0).fill(free);
  const value = (row: number, column: number) => matrix[row]?.[column] ?? 0;
  let total = 0;
  for (const row of matrix.keys()) total += addRow(value, rowOf, row);
  return total;
}

/** Marks a column without a row. */
const free = -1;

type Value = (row: number, column: number) => number;

/** Assigns a column to a row, moving other rows if that gains; returns the gain. */
function addRow(value: Value, rowOf: number[], added: number): number {
  // Greatest gain of a chain that ends at a column, before the row that holds it is removed.
  const gains = rowOf.map((_, column) => value(added, column));
  const cameFrom = rowOf.map(() => free);
  while (relax(value, rowOf, gains, cameFrom));
  let best = 0;
  let end = free;
  for (const [column, gain] of gains.entries()) {
    const row = rowOf[column] ?? free;
    const net = gain - (row === free ? 0 : value(row, column));
    if (net > best) [best, end] = [net, column];
  }
  for (let column = end; column !== free;) {
    const left = cameFrom[column] ?? free;
    rowOf[column] = left === free ? added : (rowOf[left] ?? free);
    column = left;
  }
  return best;
}

/** Lets the row of every column try all others; returns whether any chain improved. */
function relax(value: Value, rowOf: readonly number[], gains: number[], cameFrom: number[]): boolean {
  let changed = false;
  for (const [left, row] of rowOf.entries()) {
    if (row === free) continue;
    for (const column of rowOf.keys()) {
      const gain = (gains[left] ?? 0) - value(row, left) + value(row, column);
      if (column === left || gain <= (gains[column] ?? 0)) continue;
      gains[column] = gain;
      cameFrom[column] = left;
      changed = true;
    }
  }
  return changed;
}
