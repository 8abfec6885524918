/** A box that may be turned, in pixels. */
export interface TurnedBox {
  /** Its middle. */
  readonly x: number;
  readonly y: number;
  /** Along the side that is nearest to horizontal, and across it. */
  readonly width: number;
  readonly height: number;
  /** By which it is turned, clockwise, in radians from -π/4 to π/4. */
  readonly angle: number;
}

/** The turned box of the smallest area around points; null for none. */
export function smallestBox(points: readonly Point[]): TurnedBox | null {
  const hull = hullOf(points);
  const [first] = hull;
  if (first === undefined) return null;
  if (hull.length === 1) return { x: first.x, y: first.y, width: 0, height: 0, angle: 0 };
  let best: TurnedBox | null = null;
  for (const [index, point] of hull.entries()) {
    const next = hull[(index + 1) % hull.length] ?? first;
    const box = boxAlong(hull, Math.atan2(next.y - point.y, next.x - point.x));
    if (best === null || box.width * box.height < best.width * best.height) best = box;
  }
  return best;
}

/** In pixels, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The box around points whose sides run along a direction and across it. */
function boxAlong(points: readonly Point[], direction: number): TurnedBox {
  // A box looks the same after each quarter of a turn.
  const angle = direction - Math.round(direction / (Math.PI / 2)) * (Math.PI / 2);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    const along = x * cos + y * sin;
    const across = y * cos - x * sin;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const [along, across] = [(left + right) / 2, (top + bottom) / 2];
  return {
    ...{ x: along * cos - across * sin, y: along * sin + across * cos },
    ...{ width: right - left, height: bottom - top, angle },
  };
}

/** The convex hull (Andrew's monotone chain). */
function hullOf(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((one, other) => one.x - other.x || one.y - other.y);
  if (sorted.length < 3) return sorted;
  const lower = chainOf(sorted);
  const upper = chainOf(sorted.reverse());
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

function chainOf(points: readonly Point[]): readonly Point[] {
  const chain: Point[] = [];
  for (const point of points) {
    for (;;) {
      const [last, before] = [chain.at(-1), chain.at(-2)];
      if (last === undefined || before === undefined || turnOf(before, last, point) > 0) break;
      chain.pop();
    }
    chain.push(point);
  }
  return chain;
}

function turnOf(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
