import { OneAtATime } from '../../concurrency/one-at-a-time.js';
import type { DuetModel, ScoredFrame } from '../../runtime/model.js';
import type { VideoFrame } from '../../video/frame.js';
import type { ContextMemory } from '../memory/memory.js';
import type { TakeTurn } from '../policy/take-turn.js';
import type { SessionState } from '../record/session-state.js';
import { PendingTexts, type UserText } from './pending-texts.js';
import { Speaker } from './speaker.js';
import { TurnTaking } from './turn-taking.js';

/**
 * The duet itself: frames and user texts go into one model context in the order of the video, and after any
 * frame the assistant may take the turn. Overlapping calls run one after another, in order.
 */
export class Conversation {
  readonly texts = new PendingTexts();
  readonly #state: SessionState;
  readonly #memory: ContextMemory;
  readonly #turns: TurnTaking;
  readonly #speaker: Speaker;
  readonly #steps = new OneAtATime();
  /** The newest frame of the current source; null before its first. */
  #newest: VideoFrame | null = null;
  /** Texts inserted since the newest frame. */
  #inserted: readonly string[] = [];

  /** `takeTurn` replaces the policy. */
  constructor(state: SessionState, memory: ContextMemory, { model, takeTurn }: ConversationOptions) {
    this.#state = state;
    this.#memory = memory;
    this.#turns = new TurnTaking(state, takeTurn);
    this.#speaker = new Speaker(state, memory, model.capabilities);
  }

  /**
   * Accepts a user text. It is inserted before the first frame at or after its time, and may interrupt the
   * current reply.
   */
  hear(text: UserText): void {
    this.texts.add(text);
    if (text.requestedTime === null && this.#state.settings.interrupt === 'cancel') this.cancelReply();
  }

  /** Cancels the reply being generated; returns whether there was one. */
  cancelReply(): boolean {
    return this.#speaker.cancel();
  }

  /** A new source begins, with a clock of its own. */
  beginSource(): void {
    this.#turns.beginSource();
    this.#speaker.forgetTold();
    this.#newest = null;
  }

  /**
   * Processes waiting frames in as few model calls as possible. If a frame in the middle of a call triggers a
   * reply, the context is cut back to just after it, and the remaining frames are appended again after the
   * reply.
   */
  absorb(frames: readonly VideoFrame[], signal: AbortSignal): Promise<void> {
    return this.#steps.run(() => this.#absorb(frames, { standsStill: false }, signal));
  }

  /**
   * Inserts due texts while no frames come, as long as `standsStill` returns true. After each batch of texts
   * the newest frame is scored again, so that the assistant may speak as after any frame. Before the first
   * frame, texts wait for it.
   */
  lookAgain(standsStill: () => boolean, signal: AbortSignal): Promise<void> {
    return this.#steps.run(async () => {
      while (this.#newest !== null && standsStill() && !signal.aborted) {
        if (!this.texts.hasDue(this.#newest.videoTime)) return;
        await this.#absorb([this.#newest], { standsStill: true }, signal);
      }
    });
  }

  /** Resolves when all calls have finished. */
  async settled(): Promise<void> {
    await this.#steps.run(() => Promise.resolve());
  }

  async #absorb(frames: readonly VideoFrame[], clock: Clock, signal: AbortSignal): Promise<void> {
    let rest = frames;
    while (rest.length > 0 && !signal.aborted) {
      await this.#insertTexts(rest, signal);
      const run = this.#nextRun(rest);
      const pictures = run.map(({ picture, videoTime }) => ({ ...picture, videoTime }));
      const scored = await this.#memory.appendFrames(pictures, signal);
      rest = rest.slice(await this.#judge(run, scored, clock, signal));
    }
  }

  /**
   * Inserts the texts due before the first frame. A text is removed from the queue only once it is in the
   * context, so it is not lost if the source is stopped meanwhile.
   */
  async #insertTexts([first]: readonly VideoFrame[], signal: AbortSignal): Promise<void> {
    if (!first) return;
    const most = this.#state.settings.promptLayout === 'reference' ? 1 : Infinity;
    for (const due of this.texts.due(first.videoTime, most)) {
      const { text, clientEventId, requestedTime } = due;
      await this.#memory.appendUserText(text, signal);
      this.texts.remove(due);
      this.#inserted = [...this.#inserted, text];
      this.#state.record({ type: 'user.text.inserted', text, clientEventId, requestedTime }, first.videoTime);
    }
  }

  /** The frames before the next text is due, at most as many as one call takes. */
  #nextRun(frames: readonly VideoFrame[]): readonly VideoFrame[] {
    const next = frames.findIndex((frame, index) => index > 0 && this.texts.hasDue(frame.videoTime));
    const count = next === -1 ? frames.length : next;
    return frames.slice(0, Math.min(count, this.#memory.framesPerCall));
  }

  /** Decides frame by frame until one triggers a reply; returns how many frames are done. */
  async #judge(
    run: readonly VideoFrame[],
    scored: readonly ScoredFrame[],
    clock: Clock,
    signal: AbortSignal,
  ): Promise<number> {
    for (const [index, frame] of run.entries()) {
      const result = scored[index];
      if (!result) throw new Error(`the model scored ${scored.length} of ${run.length} frames`);
      this.#newest = frame;
      const texts = this.#inserted;
      this.#inserted = [];
      if (texts.length > 0) this.#speaker.forgetTold();
      if (this.#turns.decide({ frame, scores: result.scores, texts }, clock)) {
        if (index + 1 < run.length) await this.#memory.cutBackTo(result.mark);
        const { type: outcome } = await this.#speaker.reply(frame, result.mark, signal);
        if (outcome === 'suppressed') this.#turns.takeBack();
        return index + 1;
      }
    }
    return run.length;
  }
}

/** What a conversation is made with. */
interface ConversationOptions {
  readonly model: Pick<DuetModel, 'capabilities'>;
  readonly takeTurn?: TakeTurn;
}

/** Whether the video is paused or over, so that its clock stands still. */
interface Clock {
  readonly standsStill: boolean;
}
