import type { FinishedRun } from './play-run.js';

/** What a run met on its way, beside what scoring counts. */
export interface RunCounts {
  readonly nQuestions: number;
  readonly nPlayed: number;
  /** Questions whose video is missing or broken. */
  readonly nUnplayable: number;
  readonly nFrames: number;
  /** User turns that were never asked, since the video had ended. */
  readonly nUnasked: number;
  /** Questions whose video the decoder complained of; it may have been cut off. */
  readonly nDecodedWithWarnings: number;
  /** How often a context was full and was renewed. */
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
