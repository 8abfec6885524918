import { DuetError } from '../../errors.js';

/** What the user asked or said, which stands until it is removed. */
export interface StandingQuestion {
  readonly questionId: string;
  readonly text: string;
  /** What its scores must exceed; null for the threshold of the policy. */
  readonly threshold: number | null;
}

/** The questions that stand: those added as such, and the newest user texts, which give way to newer ones. */
export class StandingQuestions {
  readonly #together: boolean;
  #added: readonly StandingQuestion[] = [];
  #said: readonly StandingQuestion[] = [];
  #numbered = 0;

  /** `together`: whether the model takes all of them in one context, rather than each in one of its own. */
  constructor(together: boolean) {
    this.#together = together;
  }

  /** How many contexts they stand in once so many more are added, those that wait to be heard included. */
  contextsWith(more: number): number {
    if (this.#together) return 1;
    return Math.max(1, this.#added.length + more + (this.#said.length > 0 ? 1 : 0));
  }

  /** All that stand: those added, then the user texts; each oldest first. */
  list(): readonly StandingQuestion[] {
    return [...this.#added, ...this.#said];
  }

  /** Throws 'invalid_request' if no more may be added, and for an id that is taken. */
  requireRoom(id: string | null): void {
    if (this.#added.length >= (this.#together ? mostTogether : mostApart)) {
      throw new DuetError(
        'invalid_request',
        `${this.#added.length} questions stand already, as many as this model can watch for: ` +
          'send question.remove for one of them first',
      );
    }
    if (id === null || this.list().every(({ questionId }) => questionId !== id)) return;
    throw new DuetError(
      'invalid_request',
      `A question with the id ${JSON.stringify(id)} stands already: choose another id, or remove it first`,
    );
  }

  /** Adds a question; throws as {@link requireRoom} does. */
  add(question: Omit<StandingQuestion, 'questionId'> & { readonly id: string | null }): StandingQuestion {
    const { id, text, threshold } = question;
    this.requireRoom(id);
    const added = { questionId: id ?? this.#newId(), text, threshold };
    this.#added = [...this.#added, added];
    this.#note(added);
    return added;
  }

  /** What the user says, as the question that it is once it was heard. */
  prepare(text: string): StandingQuestion {
    return { questionId: this.#newId(), text, threshold: null };
  }

  /** Adds what the user said; returns those that gave way to it. */
  say(said: StandingQuestion): readonly StandingQuestion[] {
    const all = [...this.#said, said];
    this.#said = all.slice(-mostSaid);
    this.#note(said);
    return all.slice(0, -mostSaid);
  }

  /** Those that stood before the session was opened again. */
  restore(added: readonly StandingQuestion[], said: readonly StandingQuestion[]): void {
    this.#added = added;
    this.#said = said;
  }

  /** Removes a question and returns it. Throws 'not_found' if none with the id stands. */
  remove(id: string): StandingQuestion {
    const found = this.list().find(({ questionId }) => questionId === id);
    if (found === undefined) {
      const known = this.list().map(({ questionId }) => questionId);
      const which = known.length === 0 ? 'none does' : `these do: ${known.join(', ')}`;
      throw new DuetError('not_found', `No question with the id ${JSON.stringify(id)} stands; ${which}`);
    }
    const others = (questions: readonly StandingQuestion[]) => questions.filter((each) => each !== found);
    this.#added = others(this.#added);
    this.#said = others(this.#said);
    return found;
  }

  #newId(): string {
    const taken = new Set(this.list().map(({ questionId }) => questionId));
    let number = this.#numbered + 1;
    while (taken.has(numberedId(number))) number += 1;
    return numberedId(number);
  }

  /** A number is given once, also to a question whose client has chosen it. */
  #note({ questionId }: StandingQuestion): void {
    const number = Number(/^question_(\d{1,9})$/.exec(questionId)?.[1] ?? 0);
    this.#numbered = Math.max(this.#numbered, number);
  }
}

function numberedId(number: number): string {
  return `question_${number}`;
}

/**
 * Most questions that may be added: to a model that takes them together, and to one that takes each apart.
 */
const mostTogether = 8;
const mostApart = 4;

/** How many user texts stand; contexts that are begun again repeat as many. */
const mostSaid = 8;
