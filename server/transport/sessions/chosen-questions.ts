import type { SessionEvent } from '../../duet/record/events.js';
import type { ReadableSession } from './readable-sessions.js';

/**
 * The questions of one session that a follower has chosen, each by its id, its text, or how its text begins;
 * case, spacing and a question mark at the end do not matter. What begins several questions means all of
 * them, but the whole text of one means that one. A choice may be several with commas between them, unless it
 * is a text itself.
 */
export class ChosenQuestions {
  readonly #choices: readonly Choice[];
  readonly #named: ReadonlySet<string>;
  /** The texts of the newest questions by id, as they are compared. */
  readonly #texts = new Map<string, string>();
  #chosen: Chosen | null = null;

  constructor(choices: readonly string[]) {
    this.#choices = choices.map((text) => ({ text, parts: text.split(',').filter(isWritten) }));
    this.#named = new Set(
      this.#choices.flatMap(({ text, parts }) => [text, ...parts].map((id) => id.trim())),
    );
  }

  /** Those of a session as it is now, with all questions that were asked in it until then. */
  static async in(
    { events, summary }: Pick<ReadableSession, 'events' | 'summary'>,
    choices: readonly string[],
  ): Promise<ChosenQuestions> {
    const questions = new ChosenQuestions(choices);
    for await (const event of events({ upTo: summary.last_seq, skip: asksNothing })) questions.hear(event);
    return questions;
  }

  /** An event that may ask a question. */
  hear(event: SessionEvent): void {
    if (event.type !== 'question.added' && event.type !== 'user.text.inserted') return;
    this.#texts.delete(event.questionId);
    this.#texts.set(event.questionId, event.text.slice(0, mostLetters));
    const [oldest] = this.#texts.keys();
    if (oldest !== undefined && this.#texts.size > mostQuestions) this.#texts.delete(oldest);
    this.#chosen = null;
  }

  /** False for a reply to another question, and for one of which that cannot be told. */
  includes(event: SessionEvent): boolean {
    if (!event.type.startsWith('response.') || !('questionId' in event)) return true;
    const { questionId: id } = event;
    return id !== null && (this.#named.has(id) || this.#choose().ids.has(id));
  }

  /** The choices that no question has met so far. */
  get unknown(): readonly string[] {
    return this.#choose().unknown;
  }

  /** The texts of the newest questions, cut where they are long. */
  get newestTexts(): readonly string[] {
    return [...this.#texts.values()].slice(-mostTold).map((text) => cut(text));
  }

  #choose(): Chosen {
    this.#chosen ??= this.#chooseAnew();
    return this.#chosen;
  }

  #chooseAnew(): Chosen {
    const asked = [...this.#texts].map(([id, text]) => ({ id, text: compared(text) }));
    const ids = new Set<string>();
    const unknown: string[] = [];
    for (const { text, parts } of this.#choices) {
      const whole = meant(text, asked);
      const found = whole.length > 0 ? [whole] : parts.map((part) => meant(part, asked));
      for (const id of found.flat()) ids.add(id);
      if (found.every(({ length }) => length === 0)) unknown.push(text.trim());
      else unknown.push(...parts.filter((_, index) => found[index]?.length === 0).map((part) => part.trim()));
    }
    return { ids, unknown };
  }
}

/** What was written for one choice, and the same as a list. */
interface Choice {
  readonly text: string;
  readonly parts: readonly string[];
}

interface Chosen {
  readonly ids: ReadonlySet<string>;
  readonly unknown: readonly string[];
}

interface AskedQuestion {
  readonly id: string;
  readonly text: string;
}

/** Most questions of a session that are compared, and most that a follower is told. */
const mostQuestions = 1000;
const mostTold = 10;

/** How much of a text is compared, and told, in UTF-16 code units. */
const mostLetters = 2000;
const toldLetters = 100;

/** The ids of the questions that are meant. */
function meant(choice: string, asked: readonly AskedQuestion[]): readonly string[] {
  const text = compared(choice);
  const tests = [
    (question: AskedQuestion) => question.id === choice.trim(),
    (question: AskedQuestion) => question.text === text,
    (question: AskedQuestion) => text !== '' && question.text.startsWith(text),
  ];
  const found = tests.map((test) => asked.filter(test)).find(({ length }) => length > 0) ?? [];
  return found.map(({ id }) => id);
}

function compared(text: string): string {
  const words = text.normalize('NFKC').toLowerCase().split(/\s+/).filter(isWritten).join(' ');
  return words.replace(/[?!.。]{0,9}$/u, '').trimEnd();
}

function cut(text: string): string {
  return text.length > toldLetters ? `${text.slice(0, toldLetters)}…` : text;
}

function isWritten(text: string): boolean {
  return text.trim() !== '';
}

function asksNothing(line: string): boolean {
  return !/^\{"type":"(?:question\.added|user\.text\.inserted)"/.test(line);
}
