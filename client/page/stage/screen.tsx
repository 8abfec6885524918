import './screen.css';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';
import { useObserved } from '../state/observed.js';
import { againText, awaitedSender, isPushed, type DuetView, type Phase } from '../state/view.js';
import { BackToModel } from './back-to-model.js';
import { SeenCanvas } from './seen-canvas.js';
import { SenderPanel } from './sender-panel.js';

/** The picture, and what lies over it: the start button, a note, and what the model says. */
export function Screen(props: ScreenProps) {
  const { view, playback } = props;
  const playable = useObserved(playback, (playback) => playback.playable);
  const note = noteText(view, playable);
  return (
    <div class="screen" id="screen">
      <Picture video={props.video} />
      <SeenCanvas {...props} />
      <SenderPanel {...props} />
      <p class="screen-note" id="screen-note" hidden={note === ''}>
        {note}
      </p>
      <StartButton {...props} />
      <Caption view={view} playback={playback} />
      <BackToModel {...props} />
    </div>
  );
}

/** What there is to show and to do, and the video element, which the player has made. */
export interface ScreenProps extends PageProps {
  readonly video: HTMLVideoElement;
}

function Picture({ video }: { readonly video: HTMLVideoElement }) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.append(video), [video]);
  return <div ref={place} />;
}

function StartButton({ view, playback, commands }: PageProps) {
  const replaying = useObserved(playback, (playback) => playback.replaying);
  /** A dismissed problem still decides the label of the restart button; null if restarting cannot help. */
  const again = useRef<string | null>(null);
  if (view.problem !== null) again.current = view.problem.retry ? againText(view) : null;
  const label = startLabel(view, again.current);
  const press = (): void => {
    if (isBusy(view.phase)) return;
    if (view.phase === 'failed' && again.current === null) commands.leave();
    else commands.start();
  };
  return (
    <button
      type="button"
      class="start"
      id="start"
      // A video that is replayed must not be covered.
      hidden={label === null || replaying || awaitedSender(view) !== null}
      // Not disabled: it keeps the focus until it can be pressed.
      aria-disabled={isBusy(view.phase)}
      onClick={press}
    >
      <Icon name="play" />
      <span id="start-text">{label}</span>
    </button>
  );
}

/** Time for which a finished reply stays on the picture, in milliseconds. */
const captionMs = 6000;

/** What was said last, or, while the person looks back, what was said last at that moment. */
function Caption({ view: { turns, phase }, playback }: Pick<PageProps, 'view' | 'playback'>) {
  const until = useObserved(playback, ({ lookingBack, time }) =>
    lookingBack ? Math.floor(time * 2) / 2 : Infinity,
  );
  const text = turns.findLast((turn) => turn.type === 'reply' && turn.videoTime <= until)?.text.trim() ?? '';
  const [read, setRead] = useState(false);
  useEffect(() => {
    setRead(false);
    const timer = setTimeout(() => {
      setRead(true);
    }, captionMs);
    return () => {
      clearTimeout(timer);
    };
  }, [text]);
  const hidden = text === '' || read || phase === 'ended' || phase === 'failed';
  return (
    <p class="caption" id="caption" dir="auto" aria-hidden="true" hidden={hidden}>
      {text}
    </p>
  );
}

function noteText(view: DuetView, playable: boolean): string {
  const { phase, connection } = view;
  if (connection.type === 'reconnecting') return 'The server is out of reach. Trying again …';
  if (view.asks !== null && phase === 'ready') return `Once it starts, it is asked: “${view.asks}”`;
  // A video that the server cannot read either has a problem of its own.
  if (playable || phase === 'failed' || view.source === null) return '';
  return view.video?.playUrl === null
    ? 'As the model sees it'
    : 'This browser cannot play it: as the model sees it';
}

function isBusy(phase: Phase): boolean {
  return phase === 'preparing' || phase === 'starting';
}

function startLabel(view: DuetView, again: string | null): string | null {
  switch (view.phase) {
    case 'preparing':
      return 'Getting ready …';
    case 'ready':
      return 'Start';
    case 'starting':
      return 'Starting …';
    case 'ended':
      return isPushed(view) ? 'Wait for it again' : 'Watch again';
    case 'failed':
      return again ?? 'Choose another video';
    case 'idle':
    case 'running':
    case 'paused':
      return null;
  }
}
