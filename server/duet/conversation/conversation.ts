import type { FrameScores, ScoredFrame } from '../../runtime/model.js';
import type { VideoFrame } from '../../video/frame.js';
import { OneAtATime } from '../../concurrency/one-at-a-time.js';
import type { ContextMemory } from '../memory/memory.js';
import type { EventLog } from '../event-log.js';
import { PendingTexts, type UserText } from './pending-texts.js';
import { speak } from './reply.js';
import type { SessionSettings } from '../../settings/session-settings.js';
import { firstTurnState, takeTurn, type TakeTurn, type TurnState } from '../policy/take-turn.js';

/**
 * The duet itself: frames and user texts go into one model context in the order of the video, and after any
 * frame the assistant may take the turn. Calls that overlap wait for each other, in the order in which they
 * were made.
 */
export class Conversation {
  readonly texts = new PendingTexts();
  readonly #memory: ContextMemory;
  readonly #log: EventLog;
  readonly #settings: () => SessionSettings;
  readonly #takeTurn: TakeTurn;
  #turns: TurnState = firstTurnState;
  /** The newest frame of the present source; null before its first. */
  #newest: VideoFrame | null = null;
  readonly #steps = new OneAtATime();
  #replies = 0;
  #speaking: AbortController | null = null;

  /** `settings` is read at every frame, so that changes take effect at once. */
  constructor(
    memory: ContextMemory,
    log: EventLog,
    settings: () => SessionSettings,
    decide: TakeTurn = takeTurn,
  ) {
    this.#takeTurn = decide;
    this.#memory = memory;
    this.#log = log;
    this.#settings = settings;
  }

  /**
   * Takes a user text; it is inserted before the next frame that is due for it, and may interrupt the present
   * reply.
   */
  hear(text: UserText): void {
    this.texts.add(text);
    if (text.requestedTime === null && this.#settings().interrupt === 'cancel') this.cancelReply();
  }

  /** Ends the reply that is being generated, if any; tells whether there was one. */
  cancelReply(): boolean {
    const speaking = this.#speaking !== null;
    this.#speaking?.abort();
    return speaking;
  }

  /** A new source begins: its clock starts at 0, so no cooldown carries over. */
  beginSource(): void {
    this.#turns = { ...this.#turns, lastReplyTime: -Infinity };
    this.#newest = null;
  }

  /**
   * Takes in frames that wait, in as few model calls as possible. When a frame in the middle of a call makes
   * the assistant speak, the context is cut back to just after it, and the frames behind it are appended
   * again after the reply.
   */
  absorb(frames: readonly VideoFrame[], signal: AbortSignal): Promise<void> {
    return this.#steps.run(() => this.#absorb(frames, signal));
  }

  /**
   * Takes in the texts that are due although no frame comes, as long as `standsStill` says so: with each, the
   * newest frame is looked at once more, so that the assistant takes its turn or not as it does after any
   * frame. Only the cooldown does not count, since on a clock that stands still it would never pass. Before
   * the first frame the texts wait for it.
   */
  lookAgain(standsStill: () => boolean, signal: AbortSignal): Promise<void> {
    return this.#steps.run(async () => {
      while (this.#newest !== null && standsStill() && !signal.aborted) {
        if (!this.texts.hasDue(this.#newest.videoTime)) return;
        await this.#absorbRested([this.#newest], signal);
      }
    });
  }

  async #absorbRested(frames: readonly VideoFrame[], signal: AbortSignal): Promise<void> {
    const { lastReplyTime } = this.#turns;
    this.#turns = { ...this.#turns, lastReplyTime: -Infinity };
    await this.#absorb(frames, signal);
    if (this.#turns.lastReplyTime === -Infinity) this.#turns = { ...this.#turns, lastReplyTime };
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.#steps.run(() => Promise.resolve());
  }

  async #absorb(frames: readonly VideoFrame[], signal: AbortSignal): Promise<void> {
    let rest = frames;
    while (rest.length > 0 && !signal.aborted) {
      const run = await this.#insertTextsAndTakeRun(rest, signal);
      const scored = await this.#memory.appendFrames(
        run.map((frame) => frame.picture),
        signal,
      );
      rest = rest.slice(await this.#judge(run, scored, signal));
    }
  }

  /**
   * Inserts the texts due before the first frame; returns the frames up to where the next text is due, and
   * not more than one call takes. A text stays among those that wait until it is in the context, so a source
   * that is stopped meanwhile does not lose it.
   */
  async #insertTextsAndTakeRun(
    frames: readonly VideoFrame[],
    signal: AbortSignal,
  ): Promise<readonly VideoFrame[]> {
    const [first, ...others] = frames;
    if (!first) return [];
    const oneAtATime = this.#settings().promptLayout === 'reference';
    for (const text of this.texts.due(first.videoTime, oneAtATime ? 1 : Infinity)) {
      await this.#memory.appendUserText(text.text, signal);
      this.texts.remove(text);
      const { clientEventId, requestedTime } = text;
      this.#log.append(
        { type: 'user.text.inserted', text: text.text, clientEventId, requestedTime },
        first.videoTime,
      );
    }
    const next = others.findIndex((frame) => this.texts.hasDue(frame.videoTime));
    const count = next === -1 ? frames.length : next + 1;
    return frames.slice(0, Math.min(count, this.#memory.framesPerCall));
  }

  /** Decides frame by frame until one makes the assistant speak; returns how many frames are done with. */
  async #judge(
    run: readonly VideoFrame[],
    scored: readonly ScoredFrame[],
    signal: AbortSignal,
  ): Promise<number> {
    for (const [index, frame] of run.entries()) {
      const result = scored[index];
      if (!result) throw new Error(`the model scored ${scored.length} of ${run.length} frames`);
      this.#newest = frame;
      if (this.#score(frame, result.scores)) {
        if (index + 1 < run.length) await this.#memory.cutBackTo(result.mark);
        await this.#reply(frame, signal);
        return index + 1;
      }
    }
    return run.length;
  }

  /** Records the frame with its scores and the reason of the decision; tells whether the assistant speaks. */
  #score(frame: VideoFrame, { informative, relevance }: FrameScores): boolean {
    const { policy } = this.#settings();
    const frameScores = { videoTime: frame.videoTime, informative, relevance };
    const { verdict, score, runningSum, next } = this.#takeTurn(this.#settings(), this.#turns, frameScores);
    this.#turns = next;
    this.#log.append(
      {
        type: 'frame.scored',
        frameIndex: frame.index,
        informativeScore: informative,
        relevanceScore: relevance,
        ...{ score, threshold: verdict.threshold, fired: verdict.speak, reason: verdict.reason },
        runningSum: policy.type === 'sum' ? runningSum : null,
      },
      frame.videoTime,
    );
    return verdict.speak;
  }

  async #reply(frame: VideoFrame, signal: AbortSignal): Promise<void> {
    this.#replies += 1;
    this.#speaking = new AbortController();
    const responseId = `response_${this.#replies}`;
    try {
      const either = AbortSignal.any([signal, this.#speaking.signal]);
      await speak(this.#memory, this.#log, { responseId, frame, settings: this.#settings() }, either);
    } finally {
      this.#speaking = null;
    }
  }
}
