import type { PageExample } from '../../../server/scoring/report/html/page-data.js';

/** From seconds to pixels and back. */
export interface TimeScale {
  /** Seconds at the right end. */
  readonly end: number;
  /** Pixels of the whole drawing. */
  readonly width: number;
  readonly x: (time: number) => number;
  readonly time: (x: number) => number;
}

/** The scale on which all of an example can be seen. */
export function timeScale(example: PageExample, lastFrame: number, width: number): TimeScale {
  const end = endOf(example, lastFrame);
  const inner = Math.max(1, width - gutter.left - gutter.right);
  return {
    end,
    width,
    x: (time) => gutter.left + (Math.min(end, Math.max(0, time)) / end) * inner,
    time: (x) => Math.min(end, Math.max(0, ((x - gutter.left) / inner) * end)),
  };
}

/** Room in pixels beside the stretch in which time runs. */
export const gutter = { left: 58, right: 12 } as const;

function endOf({ duration, gold, replies, questions }: PageExample, lastFrame: number): number {
  const times = [
    duration ?? 0,
    lastFrame,
    ...gold.map(([start, end]) => Math.max(start, end)),
    ...replies.map(([time, , , delivery]) => Math.max(time ?? 0, delivery ?? 0)),
    ...questions.map(([time]) => time),
  ];
  return Math.max(1, ...times.filter(Number.isFinite));
}

/** Steps of a clock that read well, in seconds. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

/** Times in seconds to be written below the drawing, at least so many pixels apart. */
export function ticks({ end, width }: TimeScale, apart = 64): readonly number[] {
  const most = Math.max(1, (width - gutter.left - gutter.right) / apart);
  const step = steps.find((each) => end / each <= most) ?? end;
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, index) => index * step);
}
