import { Observed } from '../state/observed.js';
import { follow } from './follow.js';
import { ServerClock } from './server-clock.js';

/** The state of the video element; times are seconds. */
export interface Playback {
  /** Where the picture is; without a picture, where the session is. */
  readonly time: number;
  /** Null while unknown. */
  readonly duration: number | null;
  readonly playing: boolean;
  /** Whether the session is over and the person may play and seek. */
  readonly free: boolean;
  /**
   * How far the person may look back while the session goes on, in seconds: where the model is. Null where
   * there is nothing to look back at.
   */
  readonly seen: number | null;
  /** Whether the person looks at what was, while the session goes on. */
  readonly lookingBack: boolean;
  /** Whether the watched video is being shown again, or still runs to its end. */
  readonly replaying: boolean;
  readonly muted: boolean;
  /** Whether the browser can show this video; the session goes on without. */
  readonly playable: boolean;
  /** How far the picture is from the session's clock, for tests and debugging. */
  readonly drift: number | null;
}

/**
 * What the video element does:
 * - `waiting`: shows its first picture;
 * - `following`: plays in step with the session;
 * - `held`: stopped while the session is paused;
 * - `free`: the session is over, and the user may play and seek freely.
 */
type PlayerMode = 'waiting' | 'following' | 'held' | 'free';

/** The video element, kept in step with the clock of the session. */
export class VideoPlayer {
  /** To be put into the page. */
  readonly element = videoElement();
  readonly playback: Observed<Playback>;
  readonly #video = this.element;
  #clock = new ServerClock(1);
  #mode: PlayerMode = 'waiting';
  #playable = true;
  #drift: number | null = null;
  /** The person looks at what was; the session goes on without. */
  #lookingBack = false;
  /** The person has played or sought in the watched video, and it has not run to its end since. */
  #touched = false;

  constructor() {
    this.playback = new Observed(this.#read(0));
    this.#video.addEventListener('error', () => {
      if (this.#video.getAttribute('src') !== null) this.#playable = false;
    });
    this.#video.addEventListener('loadedmetadata', () => {
      // Of a codec that it does not know a browser may play the sound alone.
      if (this.#video.videoWidth === 0 && !this.#isFilming) this.#giveUp();
    });
    this.#video.addEventListener('ended', () => {
      this.#touched = false;
    });
  }

  /** Whether a session has taken hold of the loaded video. */
  get used(): boolean {
    return this.#mode !== 'waiting';
  }

  load(url: string): void {
    this.#mode = 'waiting';
    this.#lookingBack = false;
    this.#playable = true;
    this.#drift = null;
    this.#video.srcObject = null;
    this.#video.playbackRate = 1;
    if (this.#video.getAttribute('src') === url) this.#video.currentTime = 0;
    else this.#video.src = url;
  }

  /** Shows what is filmed; what it shows is always now. */
  loadStream(stream: MediaStream): void {
    this.unload();
    this.#playable = true;
    this.#drift = null;
    this.#video.muted = true;
    this.#video.srcObject = stream;
    this.#play();
  }

  /** There is a session, and nothing to be shown of its video. */
  loadNothing(): void {
    this.unload();
    this.#playable = false;
    this.#drift = null;
  }

  unload(): void {
    this.#mode = 'waiting';
    this.#lookingBack = false;
    this.#video.srcObject = null;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  /** The session has opened the video and samples it at this rate, from this moment on. */
  begin(samplingFps: number, videoTime: number): void {
    this.#clock = new ServerClock(samplingFps);
    this.#mode = 'following';
    this.#lookingBack = false;
    if (!this.#isFilming) this.#video.currentTime = videoTime;
    else if (this.#video.paused) this.#play();
  }

  /** A frame was scored. */
  frame(videoTime: number, nowMs: number): void {
    // A frame scored again while the video is paused does not move the clock.
    if (this.#mode !== 'following') return;
    this.#clock.frame(videoTime, nowMs);
    if (!this.#lookingBack) this.#drift = this.#video.currentTime - (this.#clock.now(nowMs) ?? videoTime);
  }

  hold(): void {
    if (this.#mode !== 'following') return;
    this.#mode = 'held';
    if (!this.#lookingBack) this.#video.pause();
  }

  unhold(): void {
    if (this.#mode !== 'held') return;
    this.#mode = 'following';
    this.#clock.restart();
    if (this.#isFilming) this.#play();
  }

  /** The session is over: the element plays on to its end and is free from now on. */
  free(): void {
    if (this.#mode === 'waiting' || this.#mode === 'free') return;
    if (this.#mode === 'held') this.#video.pause();
    this.#mode = 'free';
    // Who looks at something is not taken away from it.
    this.#touched = this.#lookingBack;
    this.#lookingBack = false;
    this.#video.playbackRate = 1;
  }

  stop(): void {
    this.#video.pause();
  }

  /** Plays or pauses, once the video is free, or while the person looks back. */
  toggle(): void {
    if (!this.#isFree && !this.#lookingBack) return;
    if (this.#playing) this.#video.pause();
    else this.#play();
    this.#touched = true;
  }

  mute(): void {
    this.#video.muted = !this.#video.muted;
  }

  /**
   * Shows a moment; while the session goes on at most the one where the model is, and from there it follows
   * again.
   */
  seek(videoTime: number): void {
    const seen = this.#seen(performance.now());
    if (seen !== null && videoTime >= seen) this.follow();
    else if (seen !== null || this.#isFree) {
      this.#lookingBack = seen !== null;
      this.#touched = true;
      this.#video.playbackRate = 1;
      this.#video.currentTime = videoTime;
    }
  }

  playFrom(videoTime: number): void {
    this.seek(videoTime);
    if (this.#isFree || this.#lookingBack) this.#play();
  }

  /** Goes back from what was to where the model is. */
  follow(): void {
    if (!this.#lookingBack) return;
    this.#lookingBack = false;
    const now = this.#clock.now(performance.now());
    if (now !== null) this.#video.currentTime = now;
    if (this.#mode === 'held') this.#video.pause();
  }

  /** Call on every animation frame: follows the session, and reports the state of the video. */
  step(nowMs: number): void {
    this.#follow(nowMs);
    const playback = this.#read(nowMs);
    if (!sameFields(playback, this.playback.value)) this.playback.value = playback;
  }

  #follow(nowMs: number): void {
    const clockTime = this.#clock.now(nowMs);
    // Who has looked back as far as the model is goes on with it.
    if (this.#lookingBack && clockTime !== null && this.#video.currentTime >= clockTime - near) this.follow();
    if (this.#mode !== 'following' || this.#lookingBack) return;
    if (!this.#playable || this.#isFilming || clockTime === null) return;
    // The picture may end before the session's last frame is told.
    if (this.#video.ended || this.#video.seeking) return;
    const order = follow(this.#video.currentTime, Math.min(clockTime, this.#duration ?? clockTime));
    if (order.type === 'seek') this.#video.currentTime = order.to;
    else if (order.type === 'hold') this.#video.pause();
    else this.#playAt(order.rate);
  }

  #read(nowMs: number): Playback {
    return {
      time: this.#playable && !this.#isFilming ? this.#video.currentTime : (this.#clock.now(nowMs) ?? 0),
      duration: this.#duration,
      playing: this.#playing,
      free: this.#isFree,
      seen: this.#seen(nowMs),
      lookingBack: this.#lookingBack,
      replaying: this.#lookingBack || (this.#isFree && (this.#playing || this.#touched)),
      muted: this.#video.muted,
      playable: this.#playable,
      drift: this.#drift,
    };
  }

  get #isFree(): boolean {
    return this.#mode === 'free' && this.#playable && !this.#isFilming;
  }

  #seen(nowMs: number): number | null {
    const goesOn = this.#mode === 'following' || this.#mode === 'held';
    return goesOn && this.#playable && !this.#isFilming ? this.#clock.now(nowMs) : null;
  }

  get #isFilming(): boolean {
    return this.#video.srcObject !== null;
  }

  get #playing(): boolean {
    return !this.#video.paused && !this.#video.ended;
  }

  get #duration(): number | null {
    return Number.isFinite(this.#video.duration) ? this.#video.duration : null;
  }

  #giveUp(): void {
    this.#playable = false;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  #playAt(rate: number): void {
    if (Math.abs(this.#video.playbackRate - rate) > 0.01) this.#video.playbackRate = rate;
    if (this.#video.paused) this.#play();
  }

  #play(): void {
    this.#video.play().catch((error: unknown) => {
      // Browsers may block unrequested sound, but allow muted playback.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError' || this.#video.muted) return;
      this.#video.muted = true;
      this.#play();
    });
  }
}

/** How near to the model counts as being where it is, in seconds. */
const near = 0.1;

function videoElement(): HTMLVideoElement {
  const video = document.createElement('video');
  video.id = 'video';
  video.playsInline = true;
  video.preload = 'auto';
  video.setAttribute('aria-label', 'The video');
  return video;
}

function sameFields(one: Playback, other: Playback): boolean {
  return Object.values(one).join() === Object.values(other).join();
}
