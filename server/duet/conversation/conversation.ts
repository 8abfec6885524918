import { OneAtATime } from '../../concurrency/one-at-a-time.js';
import type { ContextMark, ScoredFrame } from '../../runtime/model.js';
import { withId, type VideoFrame } from '../../video/frame.js';
import type { ContextMemory, HeldMemory } from '../memory/memory.js';
import { gridOnce } from '../../video/pictures/picture-change.js';
import type { RecordedState } from '../record/recorded-state.js';
import type { SessionReading } from '../reading/session-reading.js';
import type { SessionState } from '../record/session-state.js';
import { SpentReport } from '../record/spent-report.js';
import type { PendingTexts, UserText } from './pending-texts.js';
import { StandingQuestions, type StandingQuestion } from './standing-questions.js';
import { TextInsertion, type RefusedInsertion } from './text-insertion.js';
import type { VideoClock } from './turn-taking.js';
import type { JudgedContext, QuestionContext } from './question-context.js';
import { QuestionContexts, type QuestionContextsOptions } from './question-contexts.js';

/**
 * The duet itself: frames and user texts go into the model's contexts in the order of the video, and after
 * any frame the assistant may take the turn. Overlapping calls run one after another, in order.
 */
export class Conversation implements AsyncDisposable {
  readonly questions: StandingQuestions;
  readonly #state: SessionState;
  readonly #together: boolean;
  readonly #contexts: QuestionContexts;
  readonly #insertion: TextInsertion;
  readonly #reading: SessionReading | null;
  readonly #steps = new OneAtATime();
  readonly #spent: SpentReport;
  /** The newest frame of the current source; null before its first. */
  #newest: VideoFrame | null = null;

  constructor(state: SessionState, memory: ContextMemory, options: ConversationOptions) {
    this.#state = state;
    this.#reading = options.reading ?? null;
    this.#spent = new SpentReport(state);
    this.#contexts = new QuestionContexts(state, memory, options);
    this.#together = options.model.capabilities.severalQuestions;
    this.questions = new StandingQuestions(this.#together);
    this.#insertion = new TextInsertion(state, this.questions, this.#contexts);
  }

  /** The user texts that wait for their moment. */
  get texts(): PendingTexts {
    return this.#insertion.waiting;
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
   * Goes on with the questions and texts of a recorded session. Resolves with how many the model took:
   * another one may have no room for some.
   */
  tellAgain(recorded: Pick<RecordedState, 'questions' | 'texts'>): Promise<number> {
    return this.#insertion.tellAgain(recorded);
  }

  /** A question stands no more; resolves once the model has forgotten it, when the current step is done. */
  forget(question: StandingQuestion, signal: AbortSignal): Promise<void> {
    this.texts.removeQuestion(question);
    const forget = this.#contexts.remove(question);
    return this.#steps.run(() => forget(signal));
  }

  /** What all contexts hold together. */
  get held(): HeldMemory {
    return this.#contexts.list.map(({ memory }) => memory.held).reduce(heldTogether, nothingHeld);
  }

  /** Throws 'context_full' if a text is too long for the model. */
  async requireFits(text: string): Promise<void> {
    // None is left after the last question was removed, until the next frame.
    if (this.#contexts.list.length === 0) await this.#steps.run(() => this.#contexts.ensure());
    // Questions that stand elsewhere take no room in the context that will hear it.
    await this.#contexts.list[0]?.memory.requireFits(text, !this.#together);
  }

  /** Cancels the reply being generated; returns whether there was one. */
  cancelReply(): boolean {
    return this.#contexts.cancelReply();
  }

  /** A new source begins, with a clock of its own. */
  beginSource(): void {
    this.#contexts.beginSource();
    this.#reading?.beginSource();
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
    this.#reading?.[Symbol.dispose]();
    await this.#steps.run(() => {
      this.#noteSpending(true);
      return this.#contexts[Symbol.asyncDispose]();
    });
  }

  /** A model that costs something a call takes all questions in one context. */
  #noteSpending(isLast = false): void {
    this.#spent.note(this.#contexts.list[0]?.memory.spent, isLast);
  }

  async #absorb(frames: readonly VideoFrame[], clock: VideoClock, signal: AbortSignal): Promise<void> {
    let rest = frames;
    for (let [first] = rest; first !== undefined && !signal.aborted; [first] = rest) {
      const refusals = await this.#insertion.insertDue(first.videoTime, signal);
      await this.#contexts.ensure();
      const contexts = this.#contexts.list.filter(({ hasNews }) => hasNews || !clock.standsStill);
      // Contexts that see the same picture then encode it once, and so do frames that a reply puts off.
      if (contexts.length > 1 || rest.length > 1) rest = rest.map(withId);
      const run = this.#nextRun(rest, contexts);
      this.#reading?.see(run, { waits: clock.standsStill || this.#state.pace === 'fast' });
      const heard = await appendTo(contexts, run, signal);
      // While the video stands still and nothing was heard, no frame shows that the model still works.
      if (heard.length === 0) requireWorking(refusals);
      this.#insertion.drop(refusals, first.videoTime);
      if (heard.length === 0) return;
      rest = rest.slice(await this.#judge(run, heard, clock, signal));
      this.#noteSpending();
    }
  }

  /** The frames before the next text is due, at most as many as one call takes. */
  #nextRun(frames: readonly VideoFrame[], contexts: readonly QuestionContext[]): readonly VideoFrame[] {
    const next = frames.findIndex((frame, index) => index > 0 && this.texts.hasDue(frame.videoTime));
    const count = next === -1 ? frames.length : next;
    return frames.slice(0, Math.min(count, ...contexts.map(({ memory }) => memory.framesPerCall)));
  }

  /** Decides frame by frame until one triggers a reply; returns how many frames are done. */
  async #judge(
    run: readonly VideoFrame[],
    heard: readonly ScoredContext[],
    clock: VideoClock,
    signal: AbortSignal,
  ): Promise<number> {
    for (const [index, frame] of run.entries()) {
      this.#newest = frame;
      const grid = gridOnce(frame.picture);
      // A question that was removed meanwhile is out of the question.
      const standing = heard.filter(({ context }) => this.#contexts.list.includes(context));
      if (standing.length === 0) break;
      const results = standing.map(({ context, scored }) => {
        const result = scored[index];
        if (!result) throw new Error(`the model scored ${scored.length} of ${run.length} frames`);
        if (result.unscored === undefined)
          return context.judge({ frame, grid }, result, this.#state.settings, clock);
        return { context, mark: result.mark, unscored: result.unscored };
      });
      for (const each of results) this.#contexts.note(each);
      const judged = results.filter((each) => 'trace' in each);
      this.#recordTrace(frame, judged, results.find((each) => 'unscored' in each)?.unscored);
      const firing = judged.filter(({ trace }) => trace.fired);
      if (firing.length === 0) continue;
      if (index + 1 < run.length) await cutBack(results);
      for (const each of firing) await this.#reply(frame, each, signal);
      return index + 1;
    }
    return run.length;
  }

  async #reply(frame: VideoFrame, judged: JudgedContext, signal: AbortSignal): Promise<void> {
    const { context, mark, questionId } = judged;
    if (signal.aborted) return;
    const questionIds = context.memory.textIds;
    const outcome = await context.speaker.reply({ frame, mark, questionId, questionIds }, signal);
    if (outcome.type === 'suppressed') context.turns.takeBack();
    else {
      const others = this.#contexts.list.filter((each) => each !== context);
      for (const { turns } of others) turns.noteReplyAt(frame.videoTime);
    }
  }

  /**
   * One trace a frame, or why it has none: that of the context nearest to speaking, with those of all if
   * there are several.
   */
  #recordTrace(frame: VideoFrame, judged: readonly JudgedContext[], unscored: ScoredFrame['unscored']): void {
    if (judged.length === 0 && unscored !== undefined) {
      this.#state.record({ type: 'frame.unscored', frameIndex: frame.index, ...unscored }, frame.videoTime);
      return;
    }
    const nearest = judged.reduce((best, each) => (marginOf(each) > marginOf(best) ? each : best));
    const questions =
      judged.length < 2 ? [] : judged.map(({ questionId, trace }) => ({ questionId, ...trace }));
    const { questionId, trace, trust } = nearest;
    this.#state.record(
      {
        ...{ type: 'frame.scored', frameIndex: frame.index, ...trace, questionId, questions },
        ...(trust !== undefined && { trust }),
      },
      frame.videoTime,
    );
  }
}

/** What a conversation is made with. */
interface ConversationOptions extends QuestionContextsOptions {
  /** Reads the text in the pictures; default: nobody does. */
  readonly reading?: SessionReading | null;
}

/** Throws what a model has refused texts with that has failed. */
function requireWorking(refusals: readonly RefusedInsertion[]): void {
  const failed = refusals.find(({ error }) => error.code === 'model_failed');
  if (failed !== undefined) throw failed.error;
}

/** Appends frames to contexts, to all at once. */
async function appendTo(
  contexts: readonly QuestionContext[],
  frames: readonly VideoFrame[],
  signal: AbortSignal,
): Promise<readonly ScoredContext[]> {
  const pictures = frames.map(({ picture, videoTime }) => ({ ...picture, videoTime }));
  const scored = await allOf(contexts.map(({ memory }) => memory.appendFrames(pictures, signal)));
  return contexts.map((context, index) => ({ context, scored: scored[index] ?? [] }));
}

interface ScoredContext {
  readonly context: QuestionContext;
  readonly scored: readonly ScoredFrame[];
}

function marginOf({ trace }: JudgedContext): number {
  if (trace.fired) return Infinity;
  return trace.threshold === null ? -Infinity : (trace.runningSum ?? trace.score) - trace.threshold;
}

async function cutBack(judged: readonly { context: QuestionContext; mark: ContextMark }[]): Promise<void> {
  await allOf(judged.map(({ context, mark }) => context.memory.cutBackTo(mark)));
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
