/** Letters to be put in, left out or replaced to make one text of the other. */
export function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [down, letter] of Array.from(one).entries()) {
    const next = [down + 1];
    for (const [across, otherLetter] of Array.from(other).entries()) {
      const replaced = (row[across] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[across + 1] ?? 0) + 1, (next[across] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
