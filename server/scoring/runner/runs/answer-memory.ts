import type { RunIdentity } from './journal.js';
import type { FinishedRun, PlayAll } from './run.js';
import type { Played } from '../../data/played.js';
import { playedQuestions } from './predictions.js';
import type { Question } from '../../data/question.js';

/**
 * Remembers answers, so that benchmarks that ask the same question of the same video under the same settings
 * play it only once: how a question is played does not depend on how it is scored.
 */
export class AnswerMemory {
  readonly #played = new Map<string, Played>();

  /** Plays what is not remembered. */
  around(run: RunIdentity, playAll: PlayAll): PlayAll {
    const remember = this.#played;
    return async function* (questions, signal) {
      const unknown: Question[] = [];
      for (const question of questions) {
        const played = remember.get(keyOf(run, question));
        if (played === undefined) unknown.push(question);
        else yield { type: 'played', played: { ...played, question_id: question.questionId } };
      }
      if (unknown.length > 0) yield* playAll(unknown, signal);
    };
  }

  /** Remembers a whole run, including what was played earlier. */
  async keep(run: FinishedRun): Promise<void> {
    for await (const { question, played } of playedQuestions(run, null)) {
      this.#played.set(keyOf(run.identity, question), played);
    }
  }
}

/** Everything that affects how a question is played; the file it comes from does not. */
function keyOf(run: RunIdentity, { video, conversation }: Question): string {
  const shaping = Object.entries(run).filter(([name]) => name !== 'questions');
  return JSON.stringify([shaping, video, conversation]);
}
