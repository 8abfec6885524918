import type { ContextMark, DuetModel } from '../../runtime/model.js';
import type { ContextMemory } from '../memory/memory.js';
import type { TakeTurn } from '../policy/take-turn.js';
import type { SessionState } from '../record/session-state.js';
import { Speaker } from './speaker.js';
import type { StandingQuestion } from './standing-questions.js';
import { TurnTaking } from './turn-taking.js';
import { QuestionContext, type JudgedContext } from './question-context.js';

/**
 * The contexts in which a session's questions stand.
 *
 * - A model that scores questions separately hears all of them in one context.
 * - Any other model follows one question at a time, so each that was added has a context of its own, which
 *   sees the frames from then on; the first one takes over that of the conversation, if nothing was said
 *   there.
 * - What the user just says is heard in the context of the conversation. While questions stand and nothing
 *   was said, there is none.
 */
export class QuestionContexts implements AsyncDisposable {
  readonly #state: SessionState;
  readonly #options: QuestionContextsOptions;
  /** The one in which the user talks; null while there is none. */
  #conversation: QuestionContext | null;
  #list: readonly QuestionContext[];
  /** Those that are put away once the current step is done. */
  readonly #leaving = new Set<QuestionContext>();
  /** The newest place in the video, in whichever context; null before the first frame of a source. */
  #newest: ContextMark | null = null;
  #replies: number;

  constructor(state: SessionState, first: ContextMemory, options: QuestionContextsOptions) {
    this.#state = state;
    this.#options = options;
    this.#replies = state.repliesBefore;
    this.#conversation = this.#contextOn(first);
    this.#list = [this.#conversation];
  }

  /** All of them; none after the last question was removed, until {@link ensure}. */
  get list(): readonly QuestionContext[] {
    return this.#list;
  }

  /** Opens the context of the conversation if there is none at all. */
  async ensure(): Promise<void> {
    if (this.#list.length === 0) await this.#openConversation();
  }

  /** Takes in a question that was added. Throws what the model throws; nothing is changed then. */
  async ask(question: StandingQuestion, signal: AbortSignal): Promise<void> {
    const unused = this.#conversation?.questions.length === 0 ? this.#conversation : null;
    if (this.#together !== null) await this.#together.hear(question, true, signal);
    else if (unused === null) await this.#openFor(question, true, signal);
    else {
      await unused.hear(question, true, signal);
      // From now on it is the context of the question.
      this.#conversation = null;
    }
  }

  /** Takes in what the user says. Throws what the model throws; nothing is changed then. */
  async say(said: StandingQuestion, signal: AbortSignal): Promise<void> {
    const known = this.#together ?? this.#conversation;
    if (known === null) this.#conversation = await this.#openFor(said, false, signal);
    else await known.hear(said, false, signal);
  }

  /** A user text has given way to newer ones: it no longer stands, and is forgotten in time. */
  supersede(said: StandingQuestion): void {
    for (const context of this.#list) context.drop(said);
  }

  /**
   * A question stands no more, from the next frame that is judged. A context that had no other is put away,
   * unless it is the only one: the conversation goes on in it. Returns what makes the model forget the
   * question, and nothing else where it can, to be called between two steps of the conversation.
   */
  remove(question: StandingQuestion): (signal: AbortSignal) => Promise<void> {
    const dropped = this.#drop(question);
    return async (signal) => {
      // It may have been heard only now.
      const context = dropped ?? this.#drop(question);
      if (context === null) return;
      if (this.#leaving.delete(context)) await context.memory[Symbol.asyncDispose]();
      else await context.memory.forget(question.questionId, signal);
    };
  }

  /** Cancels every reply that is being made; returns whether there was one. */
  cancelReply(): boolean {
    const all = [...this.#list, ...this.#leaving];
    return all.map(({ speaker }) => speaker.cancel()).some((cancelled) => cancelled);
  }

  /** A frame was judged: contexts that are opened later follow on from there. */
  note({ mark }: Pick<JudgedContext, 'mark'>): void {
    this.#newest = mark;
  }

  /** A new source begins, with a clock of its own. */
  beginSource(): void {
    this.#newest = null;
    for (const { turns, speaker } of this.#list) {
      turns.beginSource();
      speaker.forgetTold();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#list.map(({ memory }) => memory[Symbol.asyncDispose]()));
    this.#list = [];
  }

  /** The one context of a model that scores questions separately. */
  get #together(): QuestionContext | null {
    return this.#options.model.capabilities.severalQuestions ? (this.#list[0] ?? null) : null;
  }

  async #openConversation(): Promise<QuestionContext> {
    this.#conversation = await this.#open();
    return this.#conversation;
  }

  async #open(): Promise<QuestionContext> {
    const context = this.#contextOn(await this.#options.openMemory(this.#newest ?? undefined));
    this.#list = [...this.#list, context];
    return context;
  }

  /** A context of its own for a question or text, if the model takes it. */
  async #openFor(text: StandingQuestion, isAdded: boolean, signal: AbortSignal): Promise<QuestionContext> {
    const context = await this.#open();
    try {
      await context.hear(text, isAdded, signal);
      return context;
    } catch (thrown) {
      await this.#close(context);
      throw thrown;
    }
  }

  async #close(context: QuestionContext): Promise<void> {
    this.#takeOut(context);
    await context.memory[Symbol.asyncDispose]();
  }

  #drop(question: StandingQuestion): QuestionContext | null {
    const context = this.#list.find(({ questions }) => questions.includes(question));
    if (context === undefined) return null;
    context.drop(question);
    if (context.questions.length > 0) return context;
    if (this.#list.length > 1) {
      this.#takeOut(context);
      this.#leaving.add(context);
    } else this.#conversation = context;
    return context;
  }

  #takeOut(context: QuestionContext): void {
    this.#list = this.#list.filter((each) => each !== context);
    if (context === this.#conversation) this.#conversation = null;
  }

  #contextOn(memory: ContextMemory): QuestionContext {
    const { model, takeTurn } = this.#options;
    const nextId = (): string => {
      this.#replies += 1;
      return `response_${this.#replies}`;
    };
    const speaker = new Speaker(this.#state, memory, model.capabilities, nextId);
    return new QuestionContext({ memory, speaker, turns: new TurnTaking(takeTurn) });
  }
}

/** What contexts are made with. */
export interface QuestionContextsOptions {
  readonly model: Pick<DuetModel, 'capabilities'>;
  /** Opens a further context of the session, which takes over from a mark of another one. */
  readonly openMemory: (follows?: ContextMark) => Promise<ContextMemory>;
  /** Replaces the policy. */
  readonly takeTurn?: TakeTurn | undefined;
}
