import type { FrameScores } from '../../runtime/model.js';
import type { LiveSettings } from '../../settings/session-settings.js';
import type { VideoFrame } from '../../video/frame.js';
import { pictureChange, type PictureGrid } from '../../video/pictures/picture-change.js';
import {
  alsoSpokenAt,
  atNewSource,
  firstTurnState,
  takeTurn,
  unsaid,
  type TakeTurn,
} from '../policy/take-turn.js';
import type { SessionHappening } from '../record/events.js';

/** Decides after every frame whether the assistant speaks, and why. */
export class TurnTaking {
  readonly #decide: TakeTurn;
  #turns = firstTurnState;
  /** As it was before the newest frame. */
  #before = firstTurnState;
  /** The picture of the last reply; null if there was none since the user spoke, or it was not measured. */
  #shown: PictureGrid | null = null;

  constructor(decide: TakeTurn = takeTurn) {
    this.#decide = decide;
  }

  /** Begins a new source: its clock starts at 0, so nothing that counts seconds carries over. */
  beginSource(): void {
    this.#turns = atNewSource(this.#turns);
    this.#shown = null;
  }

  /**
   * Decides whether the assistant speaks. While the video stands still, nothing that waits for its clock
   * holds a reply back, since it would never end.
   */
  decide(
    { frame, grid, scores, texts }: JudgedFrame,
    given: LiveSettings,
    { standsStill }: VideoClock,
  ): TurnTrace {
    const settings = standsStill ? { ...given, ...atStandstill } : given;
    const { videoTime } = frame;
    const change = this.#look(grid, texts, settings);
    this.#before = this.#turns;
    const { decision, score, runningSum, next } = this.#decide(settings, this.#turns, {
      ...{ ...scores, videoTime, texts, pictureChange: change?.amount ?? null },
    });
    this.#turns = next;
    const { answer, threshold, reason } = decision;
    const fired = answer === 'speak';
    if (fired) this.#shown = change?.grid ?? null;
    const { informative: informativeScore, relevance: relevanceScore } = scores;
    return {
      ...{ informativeScore, relevanceScore, score, threshold, fired, reason, runningSum },
      pictureChange: change?.amount ?? null,
    };
  }

  /** The reply to the newest frame was suppressed: it counts as not made. */
  takeBack(): void {
    this.#turns = unsaid(this.#turns, this.#before);
  }

  /** A reply was told elsewhere in the session, which counts against the same budget. */
  noteReplyAt(videoTime: number): void {
    this.#turns = alsoSpokenAt(this.#turns, videoTime);
  }

  /** Compares the frame with that of the last reply, where the settings ask for it. */
  #look(
    gridOfFrame: () => PictureGrid,
    texts: readonly string[],
    { leastChange }: LiveSettings,
  ): PictureLook | null {
    if (texts.length > 0) this.#shown = null;
    if (leastChange === 0) return null;
    const grid = gridOfFrame();
    return { grid, amount: this.#shown && pictureChange(this.#shown, grid) };
  }
}

/** A frame as all contexts see it. */
export interface SeenFrame {
  readonly frame: VideoFrame;
  /** Its picture's grid, made once for all of them. */
  readonly grid: () => PictureGrid;
}

/** A scored frame to decide on. */
interface JudgedFrame extends SeenFrame {
  readonly scores: FrameScores;
  /** The user texts inserted since the frame before. */
  readonly texts: readonly string[];
}

/** What was decided after a frame, as the record has it. */
export type TurnTrace = Pick<
  Extract<SessionHappening, { type: 'frame.scored' }>,
  | 'informativeScore'
  | 'relevanceScore'
  | 'score'
  | 'threshold'
  | 'fired'
  | 'reason'
  | 'runningSum'
  | 'pictureChange'
>;

/** Whether the video is paused or over, so that its clock stands still. */
export interface VideoClock {
  readonly standsStill: boolean;
}

interface PictureLook {
  readonly grid: PictureGrid;
  /** From 0 to 1; null if there is no reply to compare with. */
  readonly amount: number | null;
}

/** Settings of rules that wait for the clock of the video. */
const atStandstill: Partial<LiveSettings> = { cooldown: 0, replyBudget: 0, hysteresis: 0 };
