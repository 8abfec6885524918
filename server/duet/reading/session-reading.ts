import type { ReadLine } from '../../runtime/reader/read-line.js';
import type { TextReader } from '../../runtime/reader/text-reader.js';
import type { DuetModel } from '../../runtime/model.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import type { Picture, VideoFrame } from '../../video/frame.js';
import { gridOf, pictureChange, type PictureGrid } from '../../video/pictures/picture-change.js';
import type { SessionState } from '../record/session-state.js';
import { afterLook, isUnsettled, placeOf, type SeenText } from './seen-texts.js';

/**
 * Reads the text in a session's pictures beside the model that watches them. It looks again only where the
 * picture has changed since the last look, or somebody wants to know, and never holds up frames in real time;
 * what it sees appear and go is recorded.
 */
export class SessionReading implements Disposable {
  readonly #reader: TextReader;
  readonly #state: SessionState;
  readonly #ending = new AbortController();
  #texts: readonly SeenText[] = [];
  #told: readonly ToldText[] = [];
  /** How many texts were seen, and told, so far. */
  #seen = 0;
  #tellings = 0;
  /** The newest frame that comes with a larger picture. */
  #readable: VideoFrame | null = null;
  /** Videos that have begun. */
  #videos = 0;
  #looked: Look | null = null;
  #looking: Promise<void> | null = null;
  /** What frames wait for. */
  #awaited: Promise<void> | null = null;
  /** How often somebody wanted a fresh look, and how many of those wishes a look has come after. */
  #wishes = 0;
  #fulfilled = 0;
  #hasFailed = false;

  constructor(reader: TextReader, state: SessionState) {
    this.#reader = reader;
    this.#state = state;
  }

  /** What is known of the texts in the picture. */
  get texts(): readonly SeenText[] {
    return this.#texts;
  }

  /** The newest texts that were told in this video, oldest first. */
  get told(): readonly ToldText[] {
    return this.#told;
  }

  /** How many texts were told so far, in all videos. */
  get tellings(): number {
    return this.#tellings;
  }

  /** Somebody wants to know what there is to read: the next frame is looked at. */
  wish(): Wish {
    const number = (this.#wishes += 1);
    const until = this.#state.log.elapsedMs() + longestWait;
    return () => {
      if (this.#fulfilled >= number) return 'fulfilled';
      return this.#hasFailed || this.#state.log.elapsedMs() > until ? 'given up' : 'waits';
    };
  }

  /**
   * Sees frames pass, in order. `waits`: the frames wait for what is read in them, see {@link caughtUp};
   * otherwise they do not, and a look takes the newest frame there is when it begins.
   */
  see(frames: readonly VideoFrame[], { waits }: { readonly waits: boolean }): void {
    if (this.#hasFailed) return;
    if (!waits) {
      this.#readable = frames.findLast(({ detail }) => detail !== undefined) ?? this.#readable;
      if (this.#looking === null) void this.#begin(this.#lookAtNewest());
      return;
    }
    this.#awaited = this.#begin(this.#lookAtEach(frames, this.#looking));
  }

  /** Resolves when everything is read that frames wait for. */
  async caughtUp(): Promise<void> {
    await this.#awaited;
  }

  /** Another video begins. */
  beginSource(): void {
    for (const text of this.#texts) if (text.told) this.#record('text.gone', text, this.#state.videoTime);
    this.#texts = [];
    this.#told = [];
    this.#videos += 1;
    this.#readable = null;
    this.#looked = null;
  }

  /** Ends a look that goes on. */
  [Symbol.dispose](): void {
    this.#ending.abort();
  }

  #begin(look: Promise<void>): Promise<void> {
    const looking = look.catch(() => {
      // The session goes on without: what cannot be read once cannot be read later.
      this.#hasFailed = !this.#ending.signal.aborted;
    });
    this.#looking = looking;
    void looking.then(() => {
      if (this.#looking === looking) this.#looking = null;
    });
    return looking;
  }

  async #lookAtNewest(): Promise<void> {
    if (this.#readable === null || !this.#isWorthwhile(this.#readable)) return;
    await this.#look(() => this.#readable, this.#isWished ? 'now' : 'spare');
  }

  async #lookAtEach(frames: readonly VideoFrame[], before: Promise<void> | null): Promise<void> {
    await before;
    for (const frame of frames) {
      if (frame.detail !== undefined) this.#readable = frame;
      const readable = this.#readable;
      if (readable !== null && this.#isWorthwhile(readable)) await this.#look(() => readable, 'now');
    }
  }

  get #isWished(): boolean {
    return this.#wishes > this.#fulfilled;
  }

  #isWorthwhile({ videoTime, picture }: VideoFrame): boolean {
    const last = this.#looked;
    if (last === null || this.#isWished) return true;
    if (videoTime - last.frame.videoTime < leastInterval) return false;
    return isUnsettled(this.#texts) || pictureChange(last.grid, gridOf(picture)) >= leastChange;
  }

  async #look(frameOf: () => VideoFrame | null, urgency: 'now' | 'spare'): Promise<void> {
    let shown:
      { readonly frame: VideoFrame | null; readonly wishes: number; readonly video: number } | undefined;
    const picture = async (): Promise<Picture | null> => {
      const frame = frameOf();
      shown = { frame, wishes: this.#wishes, video: this.#videos };
      return (await frame?.detail?.()) ?? null;
    };
    const known = this.#texts.map(({ line }) => line);
    const lines = await this.#reader.read({ picture, known, urgency }, this.#ending.signal);
    if (shown === undefined) return;
    // Another video may have begun meanwhile.
    if (shown.video !== this.#videos) return;
    if (lines !== null && shown.frame !== null) this.#note(lines, shown.frame);
    this.#fulfilled = Math.max(this.#fulfilled, shown.wishes);
  }

  #note(lines: readonly ReadLine[], frame: VideoFrame): void {
    const { videoTime, picture } = frame;
    this.#looked = { frame, grid: gridOf(picture) };
    const { texts, seen, gone } = afterLook(this.#texts, lines, { time: videoTime, next: this.#seen + 1 });
    this.#seen = Math.max(this.#seen, ...texts.map(({ number }) => number));
    this.#texts = texts;
    for (const text of gone) this.#record('text.gone', text, videoTime);
    for (const text of seen) {
      this.#record('text.seen', text, videoTime);
      this.#tellings += 1;
      this.#told = [...this.#told, { ...text, at: videoTime, telling: this.#tellings }].slice(-mostTold);
    }
  }

  #record(type: 'text.seen' | 'text.gone', { number, line }: SeenText, videoTime: number): void {
    const { text, confidence, box } = line;
    const textId = `text_${number}`;
    this.#state.record({ type, textId, text, confidence, box, place: placeOf(line) }, videoTime);
  }
}

/**
 * The reading of a session; null if its model has no reader, its settings switch it off, or the model takes
 * several questions in one context, where those about text could not be told apart.
 */
export function readingFor(
  { reader, capabilities }: Pick<DuetModel, 'reader' | 'capabilities'>,
  state: SessionState,
): SessionReading | null {
  const reads = reader !== undefined && state.settings.readText === 'on' && !capabilities.severalQuestions;
  return reads ? new SessionReading(reader, state) : null;
}

/** Longest side in pixels of the pictures in which a session reads; undefined if it does not read. */
export function detailFor(
  { reader }: Pick<DuetModel, 'reader'>,
  { readText }: Pick<SessionSettings, 'readText'>,
): number | undefined {
  return reader !== undefined && readText === 'on' ? detailSide : undefined;
}

/** As large as the reader's makers recommend: letters of a hundredth of the picture's width can be read. */
export const detailSide = 960;

/** Whether a look that somebody wished for has been made, or none is to be hoped for. */
export type Wish = () => 'waits' | 'fulfilled' | 'given up';

/** A text that was told: at which time of the video, and as which of all. */
interface ToldText extends SeenText {
  readonly at: number;
  readonly telling: number;
}

interface Look {
  readonly frame: VideoFrame;
  readonly grid: PictureGrid;
}

/** Seconds of video from one look to the next that nobody asked for. */
const leastInterval = 1;

/** Change of the picture, from 0 to 1, from which on it is looked at again: more than a camera's noise. */
const leastChange = 0.02;

/** Milliseconds for which an answer waits for a look. */
const longestWait = 5000;

/** Texts remembered for questions about what appears. */
const mostTold = 100;
