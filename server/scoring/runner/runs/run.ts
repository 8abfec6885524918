import { join } from 'node:path';
import { DuetError } from '../../../errors.js';
import { makeFolder } from '../../../make-folder.js';
import type { QuestionOutcome, Unplayable } from '../../data/played.js';
import type { Question } from '../../data/question.js';
import { Journal, type RunIdentity } from './journal.js';
import type { PlayQuestion } from '../play/play-question.js';

/**
 * Plays every question that is not yet in the folder's journal. Questions whose video is missing or broken
 * are listed, and tried again by the next run. Throws 'source_failed' for the first of them with `failFast`,
 * and if no question could be played at all; 'model_failed'; 'cancelled'.
 */
export async function playRun(plan: RunPlan, signal: AbortSignal): Promise<FinishedRun> {
  await makeFolder(plan.folder);
  const journal = await Journal.open(join(plan.folder, 'journal.jsonl'), plan.identity);
  try {
    const unplayable = await playMissing(plan, journal, signal);
    return {
      identity: plan.identity,
      questions: plan.questions,
      journal,
      unplayable,
      [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
    };
  } catch (thrown) {
    await journal[Symbol.asyncDispose]();
    throw thrown;
  }
}

/**
 * Plays questions, in this process or elsewhere, and yields the outcome of each when it is done, in any
 * order.
 */
export type PlayAll = (questions: readonly Question[], signal: AbortSignal) => AsyncIterable<QuestionOutcome>;

/** What to play, and where its journal is. */
interface RunPlan {
  readonly folder: string;
  readonly questions: readonly Question[];
  readonly identity: RunIdentity;
  readonly playAll: PlayAll;
  /** Whether the first video that is missing or broken ends the run. */
  readonly failFast: boolean;
  /** Called with how many questions are done, at the start and after each. */
  readonly onProgress: (done: number, total: number) => void;
}

/** A run whose questions have all been played or found unplayable. */
export interface FinishedRun extends AsyncDisposable {
  readonly identity: RunIdentity;
  readonly questions: readonly Question[];
  readonly journal: Journal;
  readonly unplayable: readonly Unplayable[];
}

async function playMissing(plan: RunPlan, journal: Journal, signal: AbortSignal): Promise<Unplayable[]> {
  const { questions, playAll, failFast, onProgress } = plan;
  const missing = questions.filter(({ questionId }) => !journal.has(questionId));
  const unplayable: Unplayable[] = [];
  // The journal may hold more questions, from a run without a limit.
  let done = questions.length - missing.length;
  const report = (): void => {
    onProgress(done, questions.length);
  };
  report();
  if (missing.length === 0) return [];
  for await (const outcome of playAll(missing, signal)) {
    if (outcome.type === 'played') await journal.add(outcome.played);
    else if (failFast)
      throw new DuetError('source_failed', `${String(outcome.questionId)}: ${outcome.reason}`);
    else unplayable.push(outcome);
    done += 1;
    report();
  }
  const [first] = unplayable;
  if (first && unplayable.length === questions.length) throw nonePlayed(plan, first);
  return unplayable;
}

function nonePlayed({ questions }: RunPlan, { questionId, reason }: Unplayable): DuetError {
  const message =
    `none of the ${questions.length} questions could be played; ` +
    `${String(questionId)}: ${reason}; is --videos right?`;
  return new DuetError('source_failed', message);
}

/**
 * Plays questions in this process, `limit` at a time. It ends at the first failure or when the reader stops;
 * either way the running questions are aborted and awaited.
 */
export function playHere(play: PlayQuestion, limit: number): PlayAll {
  return async function* (questions, signal) {
    const abort = new AbortController();
    const either = AbortSignal.any([signal, abort.signal]);
    const running = new Map<number, Promise<readonly [number, QuestionOutcome]>>();
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

/** What a run counts, in addition to scoring. */
interface RunCounts {
  readonly nQuestions: number;
  readonly nPlayed: number;
  /** Questions whose video is missing or broken. */
  readonly nUnplayable: number;
  readonly nFrames: number;
  /** User turns that were never asked because the video had ended. */
  readonly nUnasked: number;
  /** Questions whose video gave decoder warnings; it may have been cut off. */
  readonly nDecodedWithWarnings: number;
  /** How often a context filled up and was renewed. */
  readonly nContextRenewals: number;
}

/** Counts over all questions of a run. */
export async function countRun({ questions, journal, unplayable }: FinishedRun): Promise<RunCounts> {
  const counts = { nPlayed: 0, nFrames: 0, nUnasked: 0, nDecodedWithWarnings: 0, nContextRenewals: 0 };
  for (const { questionId } of questions) {
    const played = await journal.get(questionId);
    if (played === null) continue;
    counts.nPlayed += 1;
    counts.nFrames += played.frames.length;
    counts.nUnasked += played.unasked;
    counts.nDecodedWithWarnings += played.warnings.length > 0 ? 1 : 0;
    counts.nContextRenewals += played.renewals;
  }
  return { nQuestions: questions.length, nUnplayable: unplayable.length, ...counts };
}
