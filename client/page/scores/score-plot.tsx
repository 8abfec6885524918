import type { TargetedPointerEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { levelOf } from '../../../server/settings/controls.js';
import { withLevel } from '../../../server/settings/policies.js';
import type { WireLiveSettings } from '../../../server/settings/wire-name.js';
import type { PageCommands, PageProps } from '../commands.js';
import type { DuetView } from '../state/view.js';
import type { ScoreCanvas } from './score-canvas.js';

/** The plot of the scores; the arrow keys, Home and End go through its frames, Escape lets go. */
export function ScorePlot({ view, playback, commands, tried }: ScorePlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useCanvas(box, commands);
  const { picked, highlighted } = view.selection;
  useLayoutEffect(() => {
    canvas?.show(view, tried);
  });
  useLayoutEffect(() => {
    canvas?.highlight(highlighted);
  }, [canvas, highlighted]);
  useLayoutEffect(() => {
    if (picked !== null) canvas?.pointAt(picked.videoTime);
  }, [canvas, picked]);
  useLayoutEffect(
    () =>
      playback.subscribe(() => {
        canvas?.movePlayhead(playback.value.time);
      }),
    [canvas, playback],
  );
  return (
    <div
      class="plot"
      id="plot"
      tabIndex={0}
      role="group"
      aria-label="Plot of the scores. The arrow keys go from frame to frame."
      aria-describedby="readout"
      ref={box}
      onKeyDown={walking(view, commands.walkTo)}
      data-tries={view.triedOut !== null}
      {...dragging(canvas, view.triedOut, commands.tryOut)}
    />
  );
}

/** The keys go from frame to frame. */
function walking({ frames, selection }: DuetView, walkTo: PageCommands['walkTo']) {
  return (event: KeyboardEvent): void => {
    const last = frames.length - 1;
    const target = targetOf(event.key, selection.frame ?? last, last);
    if (target === undefined || last < 0) return;
    event.preventDefault();
    walkTo(target === null ? null : Math.max(0, Math.min(last, target)));
  };
}

/** Dragging in the plot moves the threshold that is tried out. */
function dragging(
  canvas: ScoreCanvas | null,
  triedOut: WireLiveSettings | null,
  tryOut: PageCommands['tryOut'],
) {
  const drag = ({ clientY }: PointerEvent): void => {
    const level = canvas?.levelAt(clientY) ?? null;
    if (triedOut !== null && level !== null) tryOut(withLevelNear(triedOut, level));
  };
  return {
    onPointerDown: (event: TargetedPointerEvent<HTMLElement>): void => {
      if (triedOut === null) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag(event);
    },
    onPointerMove: (event: TargetedPointerEvent<HTMLElement>): void => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event);
    },
  };
}

interface ScorePlotProps extends PageProps {
  /** When it would have spoken under the settings that are tried out; null where none are. */
  readonly tried: readonly number[] | null;
}

/** The settings with the level of their policy where the pointer is, within its range and to its step. */
function withLevelNear(settings: WireLiveSettings, value: number): WireLiveSettings {
  const level = levelOf(settings);
  if (level === null) return settings;
  const steps = Math.round((Math.max(level.min, value) - level.min) / level.step);
  const near = Number((level.min + steps * level.step).toFixed(4));
  return { ...settings, policy: withLevel(settings.policy, near) };
}

/** The canvas in the box; null until its script, which the choice of videos does not need, is loaded. */
function useCanvas(
  box: { readonly current: HTMLElement | null },
  { point, goTo }: PageCommands,
): ScoreCanvas | null {
  const [canvas, setCanvas] = useState<ScoreCanvas | null>(null);
  useEffect(() => {
    void import('./score-canvas.js').then((script) => {
      if (box.current !== null) setCanvas(new script.ScoreCanvas(box.current, point, goTo));
    });
  }, [box, point, goTo]);
  return canvas;
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
