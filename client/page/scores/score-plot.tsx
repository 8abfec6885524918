import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PageProps } from '../commands.js';
import { ScoreCanvas } from './score-canvas.js';

/** The plot of the scores; the arrow keys, Home and End go through its frames, Escape lets go. */
export function ScorePlot({ view, playback, commands }: PageProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<ScoreCanvas | null>(null);
  const { picked, highlighted, frame } = view.selection;
  useLayoutEffect(() => {
    if (box.current === null) return;
    const made = (canvas.current = new ScoreCanvas(box.current, commands.point, commands.goTo));
    return playback.subscribe(() => {
      made.movePlayhead(playback.value.time);
    });
  }, [playback, commands]);
  useLayoutEffect(() => canvas.current?.show(view));
  useLayoutEffect(() => canvas.current?.highlight(highlighted), [highlighted]);
  useLayoutEffect(() => {
    if (picked !== null) canvas.current?.pointAt(picked.videoTime);
  }, [picked]);
  const walk = (event: KeyboardEvent): void => {
    const last = view.frames.length - 1;
    const target = targetOf(event.key, frame ?? last, last);
    if (target === undefined || last < 0) return;
    event.preventDefault();
    commands.walkTo(target === null ? null : Math.max(0, Math.min(last, target)));
  };
  return (
    <div
      class="plot"
      id="plot"
      tabIndex={0}
      role="group"
      aria-label="Plot of the scores. The arrow keys go from frame to frame."
      aria-describedby="readout"
      ref={box}
      onKeyDown={walk}
    />
  );
}

/** Index of the frame a key leads to; null lets go of all, undefined for a key that leads nowhere. */
function targetOf(key: string, here: number, last: number): number | null | undefined {
  switch (key) {
    case 'ArrowLeft':
      return here - 1;
    case 'ArrowRight':
      return here + 1;
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'Escape':
      return null;
    default:
      return undefined;
  }
}
