import type { FrameScores } from '../../runtime/model.js';
import type { VideoFrame } from '../../video/frame.js';
import { firstTurnState, takeTurn, type TakeTurn, type TurnState } from '../policy/take-turn.js';
import type { SessionState } from '../record/session-state.js';

/** A scored frame to decide on. */
interface JudgedFrame {
  readonly frame: VideoFrame;
  readonly scores: FrameScores;
  /** The user texts inserted since the frame before. */
  readonly texts: readonly string[];
}

/** Decides after every frame whether the assistant speaks, and records why. */
export class TurnTaking {
  readonly #state: SessionState;
  readonly #decide: TakeTurn;
  #turns: TurnState = firstTurnState;

  constructor(state: SessionState, decide: TakeTurn = takeTurn) {
    this.#state = state;
    this.#decide = decide;
  }

  /** Begins a new source: its clock starts at 0, so no cooldown carries over. */
  beginSource(): void {
    this.#turns = { ...this.#turns, lastReplyTime: -Infinity };
  }

  /**
   * Returns whether the assistant speaks. While the video stands still no cooldown applies, since it would
   * never end.
   */
  decide({ frame, scores, texts }: JudgedFrame, { standsStill }: { standsStill: boolean }): boolean {
    const { settings } = this.#state;
    const { videoTime } = frame;
    const { decision, score, runningSum, next } = this.#decide(
      standsStill ? { ...settings, cooldown: 0 } : settings,
      this.#turns,
      { ...scores, videoTime, texts },
    );
    this.#turns = next;
    const { answer, threshold, reason } = decision;
    const fired = answer === 'speak';
    const { informative: informativeScore, relevance: relevanceScore } = scores;
    this.#state.record(
      {
        ...{ type: 'frame.scored', frameIndex: frame.index, informativeScore, relevanceScore },
        ...{ score, threshold, fired, reason, runningSum },
      },
      videoTime,
    );
    return fired;
  }
}
