import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';
import { Journal, type RunIdentity } from './journal.js';
import type { Unplayable } from '../data/played.js';
import type { PlayAll } from './play-all.js';
import type { Question } from '../data/question.js';

/** What is to be played, and where the journal of it lies. */
export interface RunPlan {
  readonly folder: string;
  readonly questions: readonly Question[];
  readonly identity: RunIdentity;
  readonly playAll: PlayAll;
  /** Whether the first video that is missing or broken ends the run. */
  readonly failFast: boolean;
  /** Told how many questions are done: at the start, and after each. */
  readonly onProgress: (done: number, total: number) => void;
}

/** A run whose questions have all been played or found unplayable. */
export interface FinishedRun extends AsyncDisposable {
  readonly identity: RunIdentity;
  readonly questions: readonly Question[];
  readonly journal: Journal;
  readonly unplayable: readonly Unplayable[];
}

/**
 * Plays every question that the journal in the folder does not hold yet. Questions whose video is missing or
 * broken are listed, and tried again by the next run. Throws 'source_failed' for the first of them with
 * `failFast`, and where no question at all could be played; 'model_failed'; 'cancelled'.
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

async function playMissing(plan: RunPlan, journal: Journal, signal: AbortSignal): Promise<Unplayable[]> {
  const { questions, playAll, failFast, onProgress } = plan;
  const missing = questions.filter(({ questionId }) => !journal.has(questionId));
  const unplayable: Unplayable[] = [];
  // The journal may hold more, of a run without a limit.
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
