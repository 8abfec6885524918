import { useState } from 'preact/hooks';
import type { TimeScale } from './time-scale.js';

/** Attributes of an element over which a cursor goes from frame to frame. */
interface CursorHandlers {
  readonly tabIndex: number;
  readonly role: 'group';
  readonly 'aria-label': string;
  readonly onPointerMove: (event: PointerEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** The frame that the pointer or the arrow keys have gone to; null before the first move. */
export function useFrameCursor(
  times: readonly number[],
  scale: TimeScale,
): { readonly frame: number | null; readonly handlers: CursorHandlers } {
  const [frame, setFrame] = useState<number | null>(null);
  const onPointerMove = ({ clientX, currentTarget }: PointerEvent): void => {
    if (!(currentTarget instanceof Element)) return;
    const left = currentTarget.getBoundingClientRect().left;
    setFrame(nearest(times, scale.time(clientX - left)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = targetOf(event.key, frame ?? -1, times.length - 1);
    if (target === undefined) return;
    event.preventDefault();
    setFrame(Math.min(times.length - 1, Math.max(0, target)));
  };
  const label = 'Scores over time; the arrow keys go from frame to frame';
  return {
    frame,
    handlers: { tabIndex: 0, role: 'group', 'aria-label': label, onPointerMove, onKeyDown },
  };
}

function targetOf(key: string, now: number, last: number): number | undefined {
  const targets = new Map([
    ['ArrowLeft', now - 1],
    ['ArrowRight', now + 1],
    ['PageUp', now - 10],
    ['PageDown', now + 10],
    ['Home', 0],
    ['End', last],
  ]);
  return targets.get(key);
}

function nearest(times: readonly number[], time: number): number {
  let best = 0;
  for (const [index, each] of times.entries()) {
    if (Math.abs(each - time) < Math.abs((times[best] ?? 0) - time)) best = index;
  }
  return best;
}
