import type { Filmed } from '../state/view.js';
import { testPattern } from './test-pattern.js';

/**
 * A webcam, a screen, a window or a test pattern: its pictures are taken at a steady rate while a session
 * watches, and sent as JPEG. It stays on between sessions, until it is disposed of.
 */
export class Camera implements Disposable {
  /** What it films, to be shown. */
  readonly stream: MediaStream;
  readonly #video = document.createElement('video');
  readonly #canvas = document.createElement('canvas');
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Seconds of earlier stretches, since time stands still while nobody watches. */
  #watched = 0;
  #resumedAt: number | null = null;
  #fps = 1;
  #push: PushPicture = () => false;

  readonly what: Filmed;

  /** Throws what the browser throws where the person does not allow it, or there is none. */
  static async open(what: Filmed, ended: () => void): Promise<Camera> {
    return new Camera(what, await streamOf(what), ended);
  }

  /** @param ended the person has stopped it with the browser's own controls, or it was unplugged */
  private constructor(what: Filmed, stream: MediaStream, ended: () => void) {
    this.what = what;
    this.stream = stream;
    this.#video.muted = true;
    this.#video.srcObject = stream;
    for (const track of stream.getVideoTracks()) track.addEventListener('ended', ended);
  }

  /** Whether it will give no more pictures. */
  get isOver(): boolean {
    return !this.stream.active;
  }

  /** A session watches from now on, from 0 s, at this rate. */
  begin(fps: number, push: PushPicture): void {
    this.hold();
    this.#watched = 0;
    this.#fps = fps;
    this.#push = push;
    this.goOn();
  }

  /** Goes on after {@link hold}. */
  goOn(): void {
    if (this.#resumedAt !== null) return;
    this.#resumedAt = performance.now();
    void this.#video.play().catch(() => undefined);
    this.#schedule();
  }

  /** Takes no more pictures for now. */
  hold(): void {
    clearTimeout(this.#timer);
    this.#watched = this.#time;
    this.#resumedAt = null;
  }

  [Symbol.dispose](): void {
    this.hold();
    for (const track of this.stream.getTracks()) track.stop();
    this.#video.srcObject = null;
  }

  /** Seconds that have been watched. */
  get #time(): number {
    return this.#watched + (this.#resumedAt === null ? 0 : (performance.now() - this.#resumedAt) / 1000);
  }

  /** In the middle of each interval of the rate, so that a little delay does not move it into the next. */
  #schedule(): void {
    const next = (Math.floor(this.#time * this.#fps + 0.5) + 0.5) / this.#fps;
    this.#timer = setTimeout(() => void this.#take(), (next - this.#time) * 1000);
  }

  async #take(): Promise<void> {
    const videoTime = this.#time;
    const picture = await this.#picture();
    // It may have been held meanwhile.
    if (this.#resumedAt === null) return;
    if (picture !== null) this.#push(picture, videoTime);
    this.#schedule();
  }

  /** The newest picture as JPEG; null as long as there is none. */
  async #picture(): Promise<Uint8Array | null> {
    const { videoWidth, videoHeight } = this.#video;
    if (videoWidth === 0) return null;
    const scale = Math.min(1, longestSide / Math.max(videoWidth, videoHeight));
    this.#canvas.width = Math.round(videoWidth * scale);
    this.#canvas.height = Math.round(videoHeight * scale);
    const { width, height } = this.#canvas;
    this.#canvas.getContext('2d')?.drawImage(this.#video, 0, 0, width, height);
    const blob = await new Promise<Blob | null>((resolve) => {
      this.#canvas.toBlob(resolve, 'image/jpeg', quality);
    });
    return blob === null ? null : new Uint8Array(await blob.arrayBuffer());
  }
}

function streamOf(what: Filmed): Promise<MediaStream> {
  if (what === 'pattern') return Promise.resolve(testPattern());
  const { mediaDevices } = navigator;
  if (what === 'webcam') {
    return mediaDevices.getUserMedia({ video: { width: { ideal: 1280 }, height: { ideal: 720 } } });
  }
  // Which one, the browser lets the person choose; this is where its choice begins.
  const displaySurface = what === 'window' ? 'window' : 'monitor';
  return mediaDevices.getDisplayMedia({ video: { displaySurface } });
}

/** Sends a picture, seen at a time in seconds; false where it could not be sent. */
type PushPicture = (jpeg: Uint8Array, videoTime: number) => boolean;

/** Models look at less than that; a screen has small things. */
const longestSide = 1280;
const quality = 0.85;
