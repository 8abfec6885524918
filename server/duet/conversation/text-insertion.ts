import { toDuetError, type DuetError } from '../../errors.js';
import type { RecordedState } from '../record/recorded-state.js';
import type { SessionState } from '../record/session-state.js';
import { PendingTexts, type UserText } from './pending-texts.js';
import type { QuestionContexts } from './question-contexts.js';
import type { StandingQuestion, StandingQuestions } from './standing-questions.js';

/**
 * Puts what the user says and asks into the contexts once its moment has come. What a model does not take is
 * refused, and nothing else ends for it.
 */
export class TextInsertion {
  readonly waiting = new PendingTexts();
  readonly #state: SessionState;
  readonly #questions: StandingQuestions;
  readonly #contexts: QuestionContexts;

  constructor(state: SessionState, questions: StandingQuestions, contexts: QuestionContexts) {
    this.#state = state;
    this.#questions = questions;
    this.#contexts = contexts;
  }

  /**
   * Inserts the texts due at `videoTime` and resolves with those that the model did not take. These and those
   * not reached yet go on waiting, so that none is lost if the source is stopped meanwhile.
   */
  async insertDue(videoTime: number, signal: AbortSignal): Promise<readonly RefusedInsertion[]> {
    const most = this.#state.settings.promptLayout === 'reference' ? 1 : Infinity;
    const refusals: RefusedInsertion[] = [];
    for (const due of this.waiting.due(videoTime, most)) {
      try {
        const questionId = await this.#insert(due, signal);
        if (!this.waiting.remove(due)) {
          // It is a question that was removed while the model heard it.
          if (due.question !== null) await this.#contexts.remove(due.question)(signal);
          continue;
        }
        const { text, clientEventId, requestedTime } = due;
        const inserted = { text, clientEventId, requestedTime, questionId };
        this.#state.record({ type: 'user.text.inserted', ...inserted }, videoTime);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        refusals.push({ refused: due, error: toDuetError(thrown) });
      }
    }
    return refusals;
  }

  /** Drops refused texts, once it is known that the model goes on without them, and says why. */
  drop(refusals: readonly RefusedInsertion[], videoTime: number): void {
    for (const { refused, error } of refusals) {
      // It may have been removed meanwhile.
      if (!this.waiting.remove(refused)) continue;
      const { question } = refused;
      if (question !== null) this.#questions.remove(question.questionId);
      this.#recordRefusal({ ...refused, questionId: question?.questionId ?? null }, error, videoTime);
    }
  }

  /** Tells new contexts the questions and texts of a recorded session; resolves with how many were taken. */
  async tellAgain({ questions, texts }: Pick<RecordedState, 'questions' | 'texts'>): Promise<number> {
    const said = texts.map((text) => ({ ...text, threshold: null }));
    const { signal } = new AbortController();
    const asked = await this.#taken(questions, (question) => this.#contexts.ask(question, signal));
    const heard = await this.#taken(said, (text) => this.#contexts.say(text, signal));
    this.#questions.restore(asked, heard);
    return asked.length + heard.length;
  }

  /** The questions that the model takes; another model than before may lack room for some. */
  async #taken(
    questions: readonly StandingQuestion[],
    tell: (question: StandingQuestion) => Promise<void>,
  ): Promise<readonly StandingQuestion[]> {
    const taken: StandingQuestion[] = [];
    for (const question of questions) {
      try {
        await tell(question);
        taken.push(question);
      } catch (thrown) {
        const error = toDuetError(thrown);
        // A model that has failed would lose them all.
        if (error.code === 'model_failed') throw error;
        this.#recordRefusal({ ...question, clientEventId: null, requestedTime: null }, error);
      }
    }
    return taken;
  }

  /** A question that was refused stands no more. */
  #recordRefusal(refused: RefusedText, { code, message }: DuetError, videoTime?: number): void {
    const { questionId, text, clientEventId, requestedTime } = refused;
    const about = { questionId, text, clientEventId, requestedTime, code, message };
    this.#state.record({ type: 'user.text.refused', ...about }, videoTime);
    if (questionId === null) return;
    this.#state.record({ type: 'question.removed', questionId, clientEventId: null }, videoTime);
  }

  /** Inserts one text; returns the id of the question that it is. */
  async #insert({ text, question }: UserText, signal: AbortSignal): Promise<string> {
    if (question !== null) {
      await this.#contexts.ask(question, signal);
      return question.questionId;
    }
    const said = this.#questions.prepare(text);
    await this.#contexts.say(said, signal);
    for (const gone of this.#questions.say(said)) {
      this.#contexts.supersede(gone);
      this.#state.record({ type: 'question.removed', questionId: gone.questionId, clientEventId: null });
    }
    return said.questionId;
  }
}

/** A text that the model did not take. */
export interface RefusedInsertion {
  readonly refused: UserText;
  readonly error: DuetError;
}

type RefusedText = Pick<UserText, 'text' | 'clientEventId' | 'requestedTime'> & {
  /** Null for what the user just says, which has no id before it is heard. */
  readonly questionId: string | null;
};
