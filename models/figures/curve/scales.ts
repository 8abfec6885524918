/** Maps a value to its place on a drawing. */
export type Scale = (value: number) => number;

/** A linear scale from one range to another. */
export function linearScale(
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
): Scale {
  const extent = to - from || 1;
  return (value) => low + ((value - from) / extent) * (high - low);
}

/** A square-root scale, so that one turn and twenty fit on one drawing. */
export function rootScale(most: number, [low, high]: readonly [number, number]): Scale {
  const extent = Math.sqrt(most) || 1;
  return (value) => low + (Math.sqrt(Math.max(0, value)) / extent) * (high - low);
}

/** Round values from 0 to `most` for a root scale: squares, or quarters where there is little to show. */
export function rootTicks(most: number): readonly number[] {
  const roots = Math.sqrt(most);
  const step = roots <= 2 ? 0.5 : Math.ceil(roots / 5);
  return steps(0, roots, step).map((root) => root * root);
}

/** Round values between two ends, three to six of them. */
export function linearTicks(from: number, to: number): readonly number[] {
  const span = to - from || 1;
  const power = 10 ** Math.floor(Math.log10(span));
  const step = [0.1, 0.2, 0.5, 1, 2, 5].map((size) => size * power).find((size) => span / size <= 6) ?? span;
  return steps(Math.ceil(from / step - 1e-9), to / step, 1).map((index) =>
    Number((index * step).toPrecision(6)),
  );
}

function steps(from: number, to: number, step: number): readonly number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => from + index * step);
}
