import { DuetError, toDuetError } from '../errors.js';
import type { ContextMark, DuetModel } from '../runtime/model.js';
import type { FrameStream, StreamNotice } from '../video/stream.js';
import { liveSettings, type LiveSettings, type SessionSettings } from '../settings/session-settings.js';
import { Conversation } from './conversation/conversation.js';
import type { StandingQuestion } from './conversation/standing-questions.js';
import type { EventLog } from './record/event-log.js';
import { recordForgotten } from './record/forgotten.js';
import type { ContextMemory, HeldMemory, MemoryOptions } from './memory/memory.js';
import { openMemory } from './memory/open-memory.js';
import type { TakeTurn } from './policy/take-turn.js';
import { recordReopening, type Reopening } from './record/reopening.js';
import { SessionState, type SessionBeginning, type SessionOwner } from './record/session-state.js';
import { requireHeads } from './settings.js';
import { SeenPictures } from './watching/seen-pictures.js';
import { sessionModel } from './watching/session-model.js';
import { readingFor } from './reading/session-reading.js';
import { Viewing, type ViewingOptions } from './watching/viewing.js';

/** What a session is opened with. */
export interface SessionOptions extends SessionBeginning {
  readonly model: DuetModel;
  /**
   * Decides when the assistant speaks; default: the policy in its settings. Baselines of benchmarks replace
   * it.
   */
  readonly takeTurn?: TakeTurn;
  /** How a recorded session goes on; absent for a new one. */
  readonly reopening?: Reopening | undefined;
}

/** How a question stands. */
interface QuestionOptions {
  /** Default: numbered. */
  readonly id?: string | undefined;
  /** What scores for it must exceed; default: the threshold of the policy. */
  readonly threshold?: number | undefined;
  readonly clientEventId?: string | undefined;
}

/**
 * One duet: a model's context, the sources played through it one after another, and the record of everything
 * that happens.
 *
 * - `log` holds everything from `session.opened` to `session.closed`; all that a client sees is read from it.
 * - User texts may come at any time. They are inserted before the next frame at or after their time or, if no
 *   frame comes, by {@link lookAgain}.
 * - Closing ends the source and the reply, waits for the current model call, and frees the context.
 */
export class DuetSession implements AsyncDisposable {
  readonly model: DuetModel;
  /** What the model looks at. */
  readonly pictures = new SeenPictures();
  readonly #state: SessionState;
  readonly #conversation: Conversation;
  #viewing: Viewing | null = null;
  readonly #ending = new AbortController();
  #closing: Promise<void> | null = null;

  private constructor({ model }: SessionOptions, state: SessionState, conversation: Conversation) {
    this.model = model;
    this.#state = state;
    this.#conversation = conversation;
  }

  /**
   * Opens the model's context. Throws what the model throws ('model_failed', 'cancelled'); the archive is
   * then closed.
   */
  static async open(options: SessionOptions): Promise<DuetSession> {
    try {
      return await DuetSession.#open(options);
    } catch (thrown) {
      await options.archive?.close();
      throw thrown;
    }
  }

  static async #open(options: SessionOptions): Promise<DuetSession> {
    const state = new SessionState({ ...options, recorded: options.reopening?.recorded });
    const { model, settings, takeTurn, reopening } = options;
    const reading = readingFor(model, state);
    const memoryOptions: MemoryOptions = {
      model: sessionModel(model, state, reading),
      settings: () => state.settings,
      onForgotten: (forgotten) => {
        recordForgotten(state, forgotten);
      },
    };
    const open = (follows?: ContextMark): Promise<ContextMemory> => openMemory({ ...memoryOptions, follows });
    const conversation = new Conversation(state, await open(), {
      model,
      takeTurn,
      reading,
      openMemory: open,
    });
    const { name, severalQuestions } = model.capabilities;
    const opened = { model: name, severalQuestions, settings };
    if (reopening === undefined) state.record({ type: 'session.opened', sessionId: state.id, ...opened });
    else await recordReopening({ state, conversation, ...reopening, ...opened });
    return new DuetSession(options, state, conversation);
  }

  /** What the model's contexts hold now. */
  get held(): HeldMemory {
    return this.#conversation.held;
  }

  get id(): string {
    return this.#state.id;
  }

  get owner(): SessionOwner {
    return this.#state.owner;
  }

  get log(): EventLog {
    return this.#state.log;
  }

  get settings(): SessionSettings {
    return this.#state.settings;
  }

  /** Media time of the newest frame processed from the current source; 0 before its first. */
  get videoTime(): number {
    return this.#state.videoTime;
  }

  /** Index of the model's worker that has this session's contexts; null if its model has no workers. */
  get worker(): number | null {
    return this.#state.worker;
  }

  /** Number of user texts still waiting for their frame. */
  get waitingTexts(): number {
    return this.#conversation.texts.count;
  }

  /**
   * Throws 'context_full' if a text is too long for this session's model, with its size, the limit and the
   * remedy. Call it before {@link addUserText}.
   */
  async requireFits(text: string): Promise<void> {
    this.#requireOpen();
    await this.#conversation.requireFits(text);
  }

  /**
   * Adds a user text; with `videoTime` (seconds) it waits until the video gets there. One that the model does
   * not take then is recorded as `user.text.refused`.
   */
  addUserText(text: string, options: { videoTime?: number; clientEventId?: string } = {}): void {
    this.#requireOpen();
    const { videoTime: requestedTime = null, clientEventId = null } = options;
    this.#conversation.hear({ text, requestedTime, clientEventId, question: null });
  }

  /**
   * How many contexts score each frame once so many more questions are added, with those of questions that
   * wait to be heard.
   */
  contextsWith(more: number): number {
    return this.#conversation.questions.contextsWith(more);
  }

  /** The questions that stand: those that were added, then the newest user texts. */
  get questions(): readonly StandingQuestion[] {
    return this.#conversation.questions.list();
  }

  /**
   * Adds a question that stands until it is removed, and is heard before the next frame. Throws
   * 'invalid_request' for one too many and for an id that is taken, 'context_full' for one that is too long.
   */
  async addQuestion(text: string, options: QuestionOptions = {}): Promise<StandingQuestion> {
    const { id = null, threshold = null, clientEventId = null } = options;
    this.#conversation.questions.requireRoom(id);
    await this.requireFits(text);
    this.#requireOpen();
    const question = this.#conversation.questions.add({ id, text, threshold });
    this.#state.record({ type: 'question.added', ...question, clientEventId });
    this.#conversation.hear({ text, requestedTime: null, clientEventId, question });
    return question;
  }

  /**
   * Removes a question, also one that the user just said: it is answered no more. Resolves once the model has
   * forgotten it. Throws 'not_found' if none has this id.
   */
  async removeQuestion(id: string, clientEventId: string | null = null): Promise<void> {
    this.#requireOpen();
    const question = this.#conversation.questions.remove(id);
    this.#state.record({ type: 'question.removed', questionId: id, clientEventId });
    await this.#conversation.forget(question, this.#ending.signal);
  }

  /**
   * Answers texts that no frame will come for: while the source is paused, and after its end, it scores the
   * newest frame again with them. Does nothing while frames keep coming, before the first one, and once the
   * session is closed. Throws what the model throws ('model_failed').
   */
  async lookAgain(): Promise<void> {
    const { signal } = this.#ending;
    const standsStill = (): boolean => this.#viewing === null || this.#viewing.paused;
    await this.#conversation.lookAgain(standsStill, signal).catch((thrown: unknown) => {
      if (!signal.aborted) throw toDuetError(thrown);
    });
  }

  /** Changes settings from the next frame on. */
  update(patch: Partial<LiveSettings>, clientEventId: string | null = null): void {
    this.#requireOpen();
    requireHeads(this.model.capabilities, patch.heads);
    this.#state.settings = { ...this.#state.settings, ...patch };
    const settings = liveSettings(this.#state.settings);
    this.#state.record({ type: 'session.updated', settings, clientEventId });
  }

  /** Cancels the reply being generated; returns whether there was one. */
  cancelReply(): boolean {
    return this.#conversation.cancelReply();
  }

  /**
   * Plays one source to its end and disposes of it. Resolves when it has ended, failed (see `source.failed`
   * in the log) or been stopped. Throws 'invalid_request' if another source is playing, 'model_failed' if the
   * model fails.
   */
  async watch(stream: FrameStream, options: ViewingOptions, signal?: AbortSignal): Promise<void> {
    this.#requireOpen();
    if (this.#viewing) {
      throw new DuetError('invalid_request', 'A source is already playing in this session; stop it first.');
    }
    const viewing = new Viewing(
      stream,
      { ...options, pictures: this.pictures },
      this.#state,
      this.#conversation,
    );
    this.#viewing = viewing;
    try {
      await viewing.run(signal);
    } finally {
      this.#viewing = null;
    }
  }

  /** Records what happens to a source that is still being opened; nothing once the session is closed. */
  note(notice: StreamNotice): void {
    if (!this.#closing) this.#state.record(notice);
  }

  /** Whether a source is being watched and is paused. */
  get isSourcePaused(): boolean {
    return this.#viewing?.paused === true;
  }

  pauseSource(): void {
    this.#requireSource().pause();
  }

  resumeSource(): void {
    this.#requireSource().resume();
  }

  /** Stops the current source; resolves once it has ended. */
  async stopSource(): Promise<void> {
    await this.#requireSource().stop();
  }

  /** Aborts when the session begins to close. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Ends everything; safe to call more than once. */
  async close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason);
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close('disposed');
  }

  async #close(reason: string): Promise<void> {
    try {
      this.#ending.abort();
      await this.#viewing?.stop();
      await this.#conversation[Symbol.asyncDispose]();
    } catch (thrown) {
      throw toDuetError(thrown);
    } finally {
      this.#state.record({ type: 'session.closed', reason });
      this.log.end();
      await this.#state.archive?.close();
    }
  }

  #requireOpen(): void {
    if (this.#closing)
      throw new DuetError('invalid_request', `Session ${this.id} is closed; open a new one.`);
  }

  #requireSource(): Viewing {
    if (!this.#viewing) {
      throw new DuetError('invalid_request', 'No source is playing in this session; start one first.');
    }
    return this.#viewing;
  }
}
