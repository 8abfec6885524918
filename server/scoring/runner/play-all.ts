import type { Outcome } from '../data/played.js';
import type { PlayQuestion } from './play-question.js';
import type { Question } from '../data/question.js';

/** Plays questions somehow, somewhere, and yields what became of each as it is done, in any order. */
export type PlayAll = (questions: readonly Question[], signal: AbortSignal) => AsyncIterable<Outcome>;

/**
 * Plays questions in this process, `limit` at a time. The first failure ends it, as does the reader's return; either way what is under way is
 * aborted and waited for.
 */
export function playHere(play: PlayQuestion, limit: number): PlayAll {
  return async function* (questions, signal) {
    const abort = new AbortController();
    const either = AbortSignal.any([signal, abort.signal]);
    const running = new Map<number, Promise<readonly [number, Outcome]>>();
    let next = 0;
    try {
      for (;;) {
        for (; running.size < limit && next < questions.length; next += 1) {
          const question = questions[next];
          if (question === undefined) break;
          const index = next;
          running.set(
            index,
            play(question, either).then((outcome) => [index, outcome] as const),
          );
        }
        if (running.size === 0) return;
        const [index, outcome] = await Promise.race(running.values());
        running.delete(index);
        yield outcome;
      }
    } finally {
      abort.abort();
      await Promise.allSettled(running.values());
    }
  };
}
