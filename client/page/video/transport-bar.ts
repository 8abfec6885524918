import { clockText } from '../../common/clock-text.js';
import { element, make, setIcon, setText } from '../../common/element.js';
import type { PlotMark } from '../plot/plot-data.js';
import type { DuetView } from '../state/view.js';
import type { Player } from './player.js';

/** What the buttons under the video do to the session. */
export interface TransportActions {
  readonly pause: () => void;
  readonly unpause: () => void;
  readonly stop: () => void;
}

/** Play, pause, time and position. While the session runs its clock rules; afterwards the person may seek. */
export class TransportBar {
  readonly #player: Player;
  readonly #actions: TransportActions;
  readonly #pause = element('pause', HTMLButtonElement);
  readonly #pauseIcon = element('pause-icon', SVGUseElement);
  readonly #stop = element('stop', HTMLButtonElement);
  readonly #mute = element('mute', HTMLButtonElement);
  readonly #muteIcon = element('mute-icon', SVGUseElement);
  readonly #now = element('clock-now', HTMLSpanElement);
  readonly #duration = element('clock-duration', HTMLSpanElement);
  readonly #position = element('position', HTMLInputElement);
  readonly #marks = element('scrub-marks', HTMLDivElement);
  #phase: DuetView['phase'] = 'idle';
  #shownMarks = '';
  /** What stands in place of the duration while there is none. */
  #unknown = '–';

  constructor(player: Player, actions: TransportActions) {
    this.#player = player;
    this.#actions = actions;
    this.#pause.addEventListener('click', () => {
      this.toggle();
    });
    this.#stop.addEventListener('click', actions.stop);
    this.#mute.addEventListener('click', () => {
      player.muted = !player.muted;
    });
    this.#position.addEventListener('input', () => {
      player.seek(this.#position.valueAsNumber);
    });
  }

  /** Pauses or goes on: the session while it runs, the video alone afterwards. */
  toggle(): void {
    if (this.#phase === 'running') this.#actions.pause();
    else if (this.#phase === 'paused') this.#actions.unpause();
    else if (this.#free()) this.#player.toggle();
  }

  show(view: DuetView): void {
    this.#phase = view.phase;
    this.#unknown = view.source === null ? '–' : 'live';
    const live = view.phase === 'running' || view.phase === 'paused';
    this.#stop.disabled = !live;
    this.#pause.disabled = !live && !this.#free();
    this.#position.disabled = !this.#free();
  }

  /** Replies and questions as marks along the position. */
  mark(marks: readonly PlotMark[], duration: number | null): void {
    const drawn = duration === null ? [] : marks;
    const key = drawn.map((mark) => mark.key).join();
    if (key === this.#shownMarks) return;
    this.#shownMarks = key;
    this.#marks.replaceChildren(
      ...drawn.map(({ type, videoTime }) => {
        const mark = make('span', { class: `scrub-mark ${type}` });
        mark.style.setProperty('--at', String(Math.min(1, videoTime / (duration ?? 1))));
        return mark;
      }),
    );
  }

  /** To be called for every picture of the screen. */
  step(videoTime: number, duration: number | null): void {
    setText(this.#now, clockText(videoTime));
    setText(this.#duration, duration === null ? this.#unknown : clockText(duration));
    const end = String(duration ?? Math.max(1, videoTime));
    if (this.#position.max !== end) this.#position.max = end;
    this.#position.value = String(videoTime);
    this.#position.style.setProperty('--at', `${(100 * videoTime) / Number(end)}%`);
    this.#position.setAttribute('aria-valuetext', clockText(videoTime));
    this.#showPlaying();
    this.#showSound();
  }

  #showPlaying(): void {
    const playing = this.#phase === 'running' || (this.#free() && this.#player.playing);
    setIcon(this.#pauseIcon, playing ? 'pause' : 'play');
    this.#pause.setAttribute('aria-label', playing ? 'Pause' : 'Play');
  }

  #showSound(): void {
    const { muted } = this.#player;
    setIcon(this.#muteIcon, muted ? 'muted' : 'sound');
    this.#mute.setAttribute('aria-pressed', String(muted));
  }

  #free(): boolean {
    return this.#player.mode === 'free' && this.#player.playable;
  }
}
