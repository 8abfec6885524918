import { useEffect, useRef } from 'preact/hooks';
import type { PageProps } from '../commands.js';
import { showSeen } from '../playback/show-seen.js';
import { useObserved } from '../state/observed.js';

/** What the model looks at, where the browser itself cannot play the video. */
export function SeenCanvas({ view, playback }: Pick<PageProps, 'view' | 'playback'>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const playable = useObserved(playback, (now) => now.playable);
  const { sessionId, source, phase } = view;
  const shown = !playable && source !== null;
  const going = phase === 'running' || phase === 'paused';
  useEffect(() => {
    if (!shown || sessionId === null || canvas.current === null) return undefined;
    const ending = new AbortController();
    void showSeen(canvas.current, { sessionId, going, signal: ending.signal });
    return () => {
      ending.abort();
    };
  }, [shown, sessionId, going]);
  return (
    <canvas class="seen" id="seen" role="img" aria-label="What the model sees" ref={canvas} hidden={!shown} />
  );
}
