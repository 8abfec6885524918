import type { RunIdentity } from './journal.js';
import type { FinishedRun, PlayAll } from './run.js';
import type { Played } from '../../data/played.js';
import { playedQuestions } from './predictions.js';
import type { Question } from '../../data/question.js';

/**
 * Remembers what was played, so that benchmarks which ask the same of the same videos under the same settings
 * play it once: a question about a video is played alike whatever it is scored as.
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

  /** Remembers a whole run, whenever it was played. */
  async keep(run: FinishedRun): Promise<void> {
    for await (const { question, played } of playedQuestions(run, null)) {
      this.#played.set(keyOf(run.identity, question), played);
    }
  }
}

/** All that shapes how a question is played; which file it stands in does not. */
function keyOf(run: RunIdentity, { video, conversation }: Question): string {
  const shaping = Object.entries(run).filter(([name]) => name !== 'questions');
  return JSON.stringify([shaping, video, conversation]);
}
