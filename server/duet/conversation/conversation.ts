import { OneAtATime } from '../../concurrency/one-at-a-time.js';
import { DuetError } from '../../errors.js';
import type { ContextMark, ScoredFrame } from '../../runtime/model.js';
import type { VideoFrame } from '../../video/frame.js';
import type { ContextMemory, HeldMemory } from '../memory/memory.js';
import type { RecordedState } from '../record/recorded-state.js';
import type { SessionState } from '../record/session-state.js';
import { PendingTexts, type UserText } from './pending-texts.js';
import { StandingQuestions, type StandingQuestion } from './standing-questions.js';
import type { VideoClock } from './turn-taking.js';
import type { JudgedVoice, DuetVoice } from './duet-voice.js';
import { Voices, type VoicesOptions } from './voices.js';

/**
 * The duet itself: frames and user texts go into the model's contexts in the order of the video, and after any
 * frame the assistant may take the turn. Overlapping calls run one after another, in order.
 */
export class Conversation implements AsyncDisposable {
  readonly texts = new PendingTexts();
  readonly questions: StandingQuestions;
  readonly #state: SessionState;
  readonly #voices: Voices;
  readonly #steps = new OneAtATime();
  /** The newest frame of the current source; null before its first. */
  #newest: VideoFrame | null = null;

  constructor(state: SessionState, memory: ContextMemory, options: VoicesOptions) {
    this.#state = state;
    this.#voices = new Voices(state, memory, options);
    const { severalQuestions } = options.model.capabilities;
    this.questions = new StandingQuestions(severalQuestions ? mostTogether : mostApart);
  }

  /**
   * Accepts a user text. It is inserted before the first frame at or after its time, and may interrupt the
   * current reply.
   */
  hear(text: UserText): void {
    this.texts.add(text);
    if (text.requestedTime === null && this.#state.settings.interrupt === 'cancel') this.cancelReply();
  }

  /**
   * Goes on with the questions and texts of a recorded session. Resolves with how many the model took: another
   * one may have no room for some.
   */
  async tellAgain({ questions, texts }: Pick<RecordedState, 'questions' | 'texts'>): Promise<number> {
    const said = texts.map((text) => ({ ...text, threshold: null }));
    const { signal } = new AbortController();
    const asked = await keptOf(questions, (question) => this.#voices.ask(question, signal));
    const heard = await keptOf(said, (text) => this.#voices.say(text, signal));
    this.questions.restore(asked, heard);
    return asked.length + heard.length;
  }

  /** Makes the model forget a question that no longer stands, once the current step is done. */
  forget(question: StandingQuestion, signal: AbortSignal): Promise<void> {
    this.texts.removeQuestion(question);
    return this.#steps.run(() => this.#voices.remove(question, signal));
  }

  /** What all contexts hold together. */
  get held(): HeldMemory {
    return this.#voices.list.map(({ memory }) => memory.held).reduce(heldTogether, nothingHeld);
  }

  /** Throws 'context_full' if a text is too long for the model. */
  async requireFits(text: string): Promise<void> {
    // None is left after the last question was removed, until the next frame.
    if (this.#voices.list.length === 0) await this.#steps.run(() => this.#voices.ensure());
    await this.#voices.list[0]?.memory.requireFits(text);
  }

  /** Cancels the reply being generated; returns whether there was one. */
  cancelReply(): boolean {
    return this.#voices.list.map(({ speaker }) => speaker.cancel()).some((cancelled) => cancelled);
  }

  /** A new source begins, with a clock of its own. */
  beginSource(): void {
    this.#voices.beginSource();
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
   * the newest frame is scored again where they were heard, so that the assistant may speak as after any
   * frame. Before the first frame, texts wait for it.
   */
  lookAgain(standsStill: () => boolean, signal: AbortSignal): Promise<void> {
    return this.#steps.run(async () => {
      while (this.#newest !== null && standsStill() && !signal.aborted) {
        if (!this.texts.hasDue(this.#newest.videoTime)) return;
        await this.#absorb([this.#newest], { standsStill: true }, signal);
      }
    });
  }

  /** Frees the contexts once all calls have finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#steps.run(() => this.#voices[Symbol.asyncDispose]());
  }

  async #absorb(frames: readonly VideoFrame[], clock: VideoClock, signal: AbortSignal): Promise<void> {
    let rest = frames;
    while (rest.length > 0 && !signal.aborted) {
      await this.#insertTexts(rest, signal);
      await this.#voices.ensure();
      const voices = this.#voices.list.filter(({ hasNews }) => hasNews || !clock.standsStill);
      const run = this.#nextRun(rest, voices);
      const pictures = run.map(({ picture, videoTime }) => ({ ...picture, videoTime }));
      const scored = await allOf(voices.map(({ memory }) => memory.appendFrames(pictures, signal)));
      const heard = voices.map((voice, index) => ({ voice, scored: scored[index] ?? [] }));
      rest = rest.slice(await this.#judge(run, heard, clock, signal));
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
      const questionId = await this.#insert(due, signal);
      this.texts.remove(due);
      const inserted = { text, clientEventId, requestedTime, questionId };
      this.#state.record({ type: 'user.text.inserted', ...inserted }, first.videoTime);
    }
  }

  /** Inserts one text; returns the id of the question that it is. */
  async #insert({ text, question }: UserText, signal: AbortSignal): Promise<string> {
    if (question !== null) {
      await this.#voices.ask(question, signal);
      return question.questionId;
    }
    const { said, gone } = this.questions.say(text);
    try {
      await this.#voices.say(said, signal);
    } catch (thrown) {
      this.questions.remove(said.questionId);
      throw thrown;
    }
    for (const each of gone) {
      this.#voices.supersede(each);
      this.#state.record({ type: 'question.removed', questionId: each.questionId, clientEventId: null });
    }
    return said.questionId;
  }

  /** The frames before the next text is due, at most as many as one call takes. */
  #nextRun(frames: readonly VideoFrame[], voices: readonly DuetVoice[]): readonly VideoFrame[] {
    const next = frames.findIndex((frame, index) => index > 0 && this.texts.hasDue(frame.videoTime));
    const count = next === -1 ? frames.length : next;
    return frames.slice(0, Math.min(count, ...voices.map(({ memory }) => memory.framesPerCall)));
  }

  /** Decides frame by frame until one triggers a reply; returns how many frames are done. */
  async #judge(
    run: readonly VideoFrame[],
    heard: readonly ScoredVoice[],
    clock: VideoClock,
    signal: AbortSignal,
  ): Promise<number> {
    for (const [index, frame] of run.entries()) {
      this.#newest = frame;
      const judged = heard.map(({ voice, scored }) => {
        const result = scored[index];
        if (!result) throw new Error(`the model scored ${scored.length} of ${run.length} frames`);
        return voice.judge(frame, result, this.#state.settings, clock);
      });
      this.#recordTrace(frame, judged);
      const firing = judged.filter(({ trace }) => trace.fired);
      if (firing.length === 0) continue;
      if (index + 1 < run.length) await cutBack(judged);
      for (const each of firing) await this.#reply(frame, each, signal);
      return index + 1;
    }
    return run.length;
  }

  async #reply(frame: VideoFrame, judged: JudgedVoice, signal: AbortSignal): Promise<void> {
    const { voice, mark, questionId } = judged;
    if (signal.aborted) return;
    const questionIds = voice.questions.map((each) => each.questionId);
    const { type: outcome } = await voice.speaker.reply({ frame, mark, questionId, questionIds }, signal);
    if (outcome === 'suppressed') voice.turns.takeBack();
    else {
      const others = this.#voices.list.filter((each) => each !== voice);
      for (const { turns } of others) turns.noteReplyAt(frame.videoTime);
    }
  }

  /** One trace a frame: that of the voice nearest to speaking, with those of all if there are several. */
  #recordTrace(frame: VideoFrame, judged: readonly JudgedVoice[]): void {
    const nearest = judged.reduce((best, each) => (marginOf(each) > marginOf(best) ? each : best));
    const questions =
      judged.length < 2 ? [] : judged.map(({ questionId, trace }) => ({ questionId, ...trace }));
    const { questionId, trace } = nearest;
    this.#state.record(
      { type: 'frame.scored', frameIndex: frame.index, ...trace, questionId, questions },
      frame.videoTime,
    );
  }
}

/** Most questions that may be added: of a model that takes them together, and of one that takes each apart. */
const mostTogether = 8;
const mostApart = 4;

/** The questions that the model takes; those that do not fit are left out. */
async function keptOf(
  questions: readonly StandingQuestion[],
  tell: (question: StandingQuestion) => Promise<void>,
): Promise<readonly StandingQuestion[]> {
  const kept: StandingQuestion[] = [];
  for (const question of questions) {
    try {
      await tell(question);
      kept.push(question);
    } catch (thrown) {
      if (!(thrown instanceof DuetError && thrown.code === 'context_full')) throw thrown;
    }
  }
  return kept;
}

interface ScoredVoice {
  readonly voice: DuetVoice;
  readonly scored: readonly ScoredFrame[];
}

function marginOf({ trace }: JudgedVoice): number {
  if (trace.fired) return Infinity;
  return trace.threshold === null ? -Infinity : (trace.runningSum ?? trace.score) - trace.threshold;
}

async function cutBack(judged: readonly { voice: DuetVoice; mark: ContextMark }[]): Promise<void> {
  await allOf(judged.map(({ voice, mark }) => voice.memory.cutBackTo(mark)));
}

/** Waits for all, also when one fails, so that no context is left in the middle of a call. */
async function allOf<Result>(calls: readonly Promise<Result>[]): Promise<readonly Result[]> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

const nothingHeld: HeldMemory = { tokens: 0, bytes: 0, frames: 0, texts: 0 };

function heldTogether(one: HeldMemory, other: HeldMemory): HeldMemory {
  return {
    tokens: one.tokens + other.tokens,
    bytes: one.bytes === null || other.bytes === null ? null : one.bytes + other.bytes,
    frames: one.frames + other.frames,
    texts: one.texts + other.texts,
  };
}
