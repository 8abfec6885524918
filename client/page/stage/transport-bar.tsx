import './transport-bar.css';
import { useMemo } from 'preact/hooks';
import { clockText } from '../../common/clock-text.js';
import type { PageProps } from '../commands.js';
import { Icon } from '../parts/icon.js';
import type { Playback } from '../playback/video-player.js';
import { plotMarks } from '../scores/plot-data.js';
import { useObserved } from '../state/observed.js';
import type { ShownTurn } from '../state/view.js';

/** Play, pause, time and position. While the session runs its clock rules; afterwards the person may seek. */
export function TransportBar({ view, playback: observed, commands }: PageProps) {
  const playback = useObserved(observed, (now) => now);
  const live = view.phase === 'running' || view.phase === 'paused';
  const playing = playback.lookingBack || playback.free ? playback.playing : view.phase === 'running';
  const duration = playback.duration ?? view.source?.info.duration ?? null;
  return (
    <div class="transport" role="group" aria-label="Playback">
      <button
        type="button"
        class="button quiet icon-only"
        id="pause"
        aria-label={playing ? 'Pause' : 'Play'}
        disabled={!live && !playback.free}
        onClick={commands.togglePause}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <Clock time={playback.time} duration={duration} unknown={view.source === null ? '–' : 'live'} />
      <div class="scrub" id="scrub">
        <Position playback={playback} duration={duration} seek={commands.seek} />
        <Marks turns={view.turns} duration={duration} />
      </div>
      <SoundButton muted={playback.muted} toggle={commands.toggleSound} />
      <button
        type="button"
        class="button quiet icon-only"
        id="stop"
        aria-label="Stop the video"
        disabled={!live}
        onClick={commands.stop}
      >
        <Icon name="stop" />
      </button>
    </div>
  );
}

interface ClockProps {
  /** Seconds; a duration that is not known is null, and `unknown` stands in its place. */
  readonly time: number;
  readonly duration: number | null;
  readonly unknown: string;
}

function Clock({ time, duration, unknown }: ClockProps) {
  return (
    <span class="clock">
      <span id="clock-now">{clockText(time)}</span>{' '}
      <span class="clock-of">
        / <span id="clock-duration">{duration === null ? unknown : clockText(duration)}</span>
      </span>
    </span>
  );
}

interface PositionProps {
  readonly playback: Playback;
  readonly duration: number | null;
  readonly seek: (videoTime: number) => void;
}

function Position({ playback, duration, seek }: PositionProps) {
  const { time, free, seen } = playback;
  const end = duration ?? Math.max(1, time);
  return (
    <input
      type="range"
      id="position"
      min={0}
      max={end}
      step={0.1}
      value={time}
      style={{ '--at': `${(100 * time) / end}%`, '--seen': `${(100 * (seen ?? time)) / end}%` }}
      disabled={!free && seen === null}
      aria-label="Position in the video"
      aria-valuetext={clockText(time)}
      onInput={({ currentTarget }) => {
        seek(currentTarget.valueAsNumber);
      }}
    />
  );
}

interface MarksProps {
  readonly turns: readonly ShownTurn[];
  readonly duration: number | null;
}

/** Replies and questions as marks along the position. */
function Marks({ turns, duration }: MarksProps) {
  // The bar is drawn for every picture of the video, the marks only when they change.
  const marks = useMemo(
    () =>
      duration !== null &&
      plotMarks(turns).map(({ type, key, videoTime }) => {
        const at = String(Math.min(1, videoTime / duration));
        return <span key={key} class={`scrub-mark ${type}`} style={{ '--at': at }} />;
      }),
    [turns, duration],
  );
  return (
    <div class="scrub-marks" id="scrub-marks" aria-hidden="true">
      {marks}
    </div>
  );
}

function SoundButton({ muted, toggle }: { readonly muted: boolean; readonly toggle: () => void }) {
  return (
    <button
      type="button"
      class="button quiet icon-only"
      id="mute"
      aria-label="Sound off"
      aria-pressed={muted}
      onClick={toggle}
    >
      <Icon name={muted ? 'muted' : 'sound'} />
    </button>
  );
}
