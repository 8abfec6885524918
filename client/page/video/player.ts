import { element } from '../../common/element.js';
import { follow } from './follow.js';
import { ServerClock } from './server-clock.js';

/**
 * What the video element does:
 * - `waiting`: shows its first picture;
 * - `following`: plays in step with the session;
 * - `held`: stands still while the session is paused;
 * - `free`: the session is over, and the person may play and seek as they like.
 */
export type PlayerMode = 'waiting' | 'following' | 'held' | 'free';

/** The video element, kept in step with the clock of the session. */
export class Player {
  readonly #video = element('video', HTMLVideoElement);
  readonly #stage = element('stage', HTMLDivElement);
  #clock = new ServerClock(1);
  #mode: PlayerMode = 'waiting';
  #playable = true;
  /** The person has played or sought in the watched video, and it has not run to its end since. */
  #touched = false;

  constructor(onUnplayable: () => void) {
    this.#video.addEventListener('error', () => {
      if (this.#video.getAttribute('src') === null) return;
      this.#playable = false;
      onUnplayable();
    });
    this.#video.addEventListener('ended', () => {
      this.#touched = false;
    });
  }

  get mode(): PlayerMode {
    return this.#mode;
  }

  /** Whether the browser can show this video; the session goes on without. */
  get playable(): boolean {
    return this.#playable;
  }

  get playing(): boolean {
    return !this.#video.paused && !this.#video.ended;
  }

  /** Whether the watched video is being shown again, or still runs to its end. */
  get replaying(): boolean {
    return this.#mode === 'free' && this.#playable && (this.playing || this.#touched);
  }

  get muted(): boolean {
    return this.#video.muted;
  }

  set muted(muted: boolean) {
    this.#video.muted = muted;
  }

  /** Seconds; null while unknown. */
  get duration(): number | null {
    return Number.isFinite(this.#video.duration) ? this.#video.duration : null;
  }

  /** Where the picture is in seconds; without a picture, where the session is. */
  time(nowMs: number): number {
    return this.#playable ? this.#video.currentTime : (this.#clock.now(nowMs) ?? 0);
  }

  load(url: string): void {
    this.#mode = 'waiting';
    this.#playable = true;
    this.#video.playbackRate = 1;
    if (this.#video.getAttribute('src') === url) this.#video.currentTime = 0;
    else this.#video.src = url;
    delete this.#stage.dataset['drift'];
  }

  unload(): void {
    this.#mode = 'waiting';
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  /** The session has opened the video and samples it at this rate. */
  begin(samplingFps: number): void {
    this.#clock = new ServerClock(samplingFps);
    this.#mode = 'following';
    this.#video.currentTime = 0;
  }

  /** A frame was scored. */
  frame(videoTime: number, nowMs: number): void {
    // A frame looked at again while the video stands still says nothing of the time.
    if (this.#mode !== 'following') return;
    this.#clock.frame(videoTime, nowMs);
    // How far the picture is from the clock of the session, for whoever wants to check.
    const clockTime = this.#clock.now(nowMs) ?? videoTime;
    this.#stage.dataset['drift'] = (this.#video.currentTime - clockTime).toFixed(3);
  }

  hold(): void {
    if (this.#mode !== 'following') return;
    this.#mode = 'held';
    this.#video.pause();
  }

  unhold(): void {
    if (this.#mode !== 'held') return;
    this.#mode = 'following';
    this.#clock.restart();
  }

  /** The session is over: the element plays on to its end and is free from now on. */
  free(): void {
    if (this.#mode === 'waiting' || this.#mode === 'free') return;
    if (this.#mode === 'held') this.#video.pause();
    this.#mode = 'free';
    this.#touched = false;
    this.#video.playbackRate = 1;
  }

  stop(): void {
    this.#video.pause();
  }

  toggle(): void {
    if (this.playing) this.#video.pause();
    else this.#play();
    this.#touched = true;
  }

  seek(videoTime: number): void {
    this.#touched = true;
    this.#video.currentTime = videoTime;
  }

  playFrom(videoTime: number): void {
    this.seek(videoTime);
    this.#play();
  }

  /** To be called for every picture of the screen. */
  step(nowMs: number): void {
    const clockTime = this.#clock.now(nowMs);
    if (this.#mode !== 'following' || !this.#playable || clockTime === null) return;
    // The picture may end before the session's last frame is told.
    if (this.#video.ended || this.#video.seeking) return;
    const order = follow(this.#video.currentTime, Math.min(clockTime, this.duration ?? clockTime));
    if (order.type === 'seek') this.#video.currentTime = order.to;
    else if (order.type === 'hold') this.#video.pause();
    else this.#playAt(order.rate);
  }

  #playAt(rate: number): void {
    if (Math.abs(this.#video.playbackRate - rate) > 0.01) this.#video.playbackRate = rate;
    if (this.#video.paused) this.#play();
  }

  #play(): void {
    this.#video.play().catch((error: unknown) => {
      // Browsers may refuse sound that nobody asked for; the picture is allowed.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || this.#video.muted) return;
      this.#video.muted = true;
      this.#play();
    });
  }
}
