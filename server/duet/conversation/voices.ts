import type { DuetModel } from '../../runtime/model.js';
import type { ContextMemory } from '../memory/memory.js';
import type { TakeTurn } from '../policy/take-turn.js';
import type { SessionState } from '../record/session-state.js';
import { Speaker } from './speaker.js';
import type { StandingQuestion } from './standing-questions.js';
import { TurnTaking } from './turn-taking.js';
import { DuetVoice } from './duet-voice.js';

/**
 * The contexts in which a session's questions stand.
 *
 * - A model that scores questions separately hears all of them in one context.
 * - Any other model follows one question at a time, so each that was added has a context of its own, which sees
 *   the frames from then on; the first one takes over that of the conversation, if nothing was said there.
 * - What the user just says is heard in the context of the conversation. While questions stand and nothing
 *   was said, there is none.
 */
export class Voices implements AsyncDisposable {
  readonly #state: SessionState;
  readonly #options: VoicesOptions;
  /** The one in which the user talks; null while there is none. */
  #conversation: DuetVoice | null;
  #list: readonly DuetVoice[];
  #replies: number;

  constructor(state: SessionState, first: ContextMemory, options: VoicesOptions) {
    this.#state = state;
    this.#options = options;
    this.#replies = state.repliesBefore;
    this.#conversation = this.#voiceOn(first);
    this.#list = [this.#conversation];
  }

  /** All of them; none after the last question was removed, until {@link ensure}. */
  get list(): readonly DuetVoice[] {
    return this.#list;
  }

  /** Opens the context of the conversation if there is none at all. */
  async ensure(): Promise<void> {
    if (this.#list.length === 0) await this.#openConversation();
  }

  /** Takes in a question that was added. Throws 'context_full' if it does not fit. */
  async ask(question: StandingQuestion, signal: AbortSignal): Promise<void> {
    const voice = this.#together ?? this.#unused() ?? (await this.#open());
    await voice.hear(question, true, signal);
  }

  /** Takes in what the user says. Throws 'context_full' if it does not fit. */
  async say(said: StandingQuestion, signal: AbortSignal): Promise<void> {
    const voice = this.#together ?? this.#conversation ?? (await this.#openConversation());
    await voice.hear(said, false, signal);
  }

  /** A user text has given way to newer ones: it no longer stands, and is forgotten in time. */
  supersede(said: StandingQuestion): void {
    for (const voice of this.#list) voice.drop(said);
  }

  /** Makes the model forget a question, by putting its context away where it cannot forget it otherwise. */
  async remove(question: StandingQuestion, signal: AbortSignal): Promise<void> {
    const voice = this.#list.find(({ questions }) => questions.includes(question));
    if (voice === undefined) return;
    voice.drop(question);
    if (this.#together !== null) {
      await voice.memory.forget(question.questionId);
      return;
    }
    await this.#close(voice);
    if (voice.questions.length === 0) return;
    const again = await this.#openConversation();
    for (const said of voice.questions) await again.hear(said, false, signal);
  }

  /** A new source begins, with a clock of its own. */
  beginSource(): void {
    for (const { turns, speaker } of this.#list) {
      turns.beginSource();
      speaker.forgetTold();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#list.map(({ memory }) => memory[Symbol.asyncDispose]()));
    this.#list = [];
  }

  /** The one voice of a model that scores questions separately. */
  get #together(): DuetVoice | null {
    return this.#options.model.capabilities.severalQuestions ? (this.#list[0] ?? null) : null;
  }

  /** The context of the conversation if nothing was said there: from now on it is that of a question. */
  #unused(): DuetVoice | null {
    const voice = this.#conversation;
    if (voice === null || voice.questions.length > 0) return null;
    this.#conversation = null;
    return voice;
  }

  async #openConversation(): Promise<DuetVoice> {
    this.#conversation = await this.#open();
    return this.#conversation;
  }

  async #open(): Promise<DuetVoice> {
    const voice = this.#voiceOn(await this.#options.openMemory());
    this.#list = [...this.#list, voice];
    return voice;
  }

  async #close(voice: DuetVoice): Promise<void> {
    this.#list = this.#list.filter((each) => each !== voice);
    if (voice === this.#conversation) this.#conversation = null;
    await voice.memory[Symbol.asyncDispose]();
  }

  #voiceOn(memory: ContextMemory): DuetVoice {
    const { model, takeTurn } = this.#options;
    const nextId = (): string => {
      this.#replies += 1;
      return `response_${this.#replies}`;
    };
    const speaker = new Speaker(this.#state, memory, model.capabilities, nextId);
    return new DuetVoice({ memory, speaker, turns: new TurnTaking(takeTurn) });
  }
}

/** What voices are made with. */
export interface VoicesOptions {
  readonly model: Pick<DuetModel, 'capabilities'>;
  /** Opens a further context of the session. */
  readonly openMemory: () => Promise<ContextMemory>;
  /** Replaces the policy. */
  readonly takeTurn?: TakeTurn | undefined;
}
