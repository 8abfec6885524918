import type { PredictionSource } from '../../scoring/data/match-predictions.js';
import { readQaAnnotations } from '../../scoring/data/qa-annotations.js';
import { judgedBy } from '../../scoring/judges/judged-file/judged-by.js';
import type { Judge } from '../../scoring/judges/judge.js';
import type { BatchRequest } from '../../scoring/benchmarks/magqa/batch-requests.js';
import { requestsOfExample } from '../../scoring/benchmarks/magqa/requests-of-example.js';
import { requestsOfQuestion } from '../../scoring/benchmarks/proactive/requests-of-question.js';
import { judgedFields } from '../../scoring/benchmarks/magqa/judged-line.js';
import { defaultMagqaOptions } from '../../scoring/benchmarks/magqa/options.js';
import { scoreMagqa } from '../../scoring/benchmarks/magqa/score-magqa.js';
import { judgedQuestionFields } from '../../scoring/benchmarks/proactive/judged-question-line.js';
import { readProactiveAnnotations } from '../../scoring/benchmarks/proactive/pauc-annotations.js';
import { scorePauc } from '../../scoring/benchmarks/proactive/score-pauc.js';
import { unknownRule } from '../score-files.js';
import { readLabelled } from '../score-gold.js';
import type { JudgeFilesFlags } from './judge-files-flags.js';
import type { JudgedFields } from '../../scoring/judges/judged-file/judged-file.js';

/** What was counted while judging. */
export interface JudgedCounts {
  readonly nPredictions: number;
  readonly nUnknown: number;
  readonly nJudgeCalls: number;
  readonly nUnparsableReplies: number;
}

/**
 * Told, in order, of every line of the judged file and of the requests by which it would be judged in a
 * batch.
 */
export type OnJudgedLine = (fields: JudgedFields, requests: () => readonly BatchRequest[]) => void;

/** A task whose predictions are judged. */
export type JudgeTask = (
  source: PredictionSource,
  judge: Judge,
  concurrency: number,
  onLine: OnJudgedLine,
) => Promise<JudgedCounts>;

/**
 * Judging of MAGQA. `compat` leaves silent predictions out of the file, as published; `strict` keeps them.
 */
export async function magqaTask(flags: JudgeFilesFlags): Promise<JudgeTask> {
  const { mode } = flags;
  const gold = await readLabelled(flags.gold, (file) => readQaAnnotations(file, mode));
  return async (source, judge, concurrency, onLine) => {
    const by = judgedBy(judge, mode, flags.judgeSwap ?? 'off');
    const unknown = unknownRule(flags);
    const options = { ...defaultMagqaOptions, mode, unknown, concat: flags.concat === true, concurrency };
    const { counts } = await scoreMagqa({
      source,
      gold,
      judge,
      options,
      onJudged: (example) => {
        if (mode === 'compat' && example.score.turns === 0) return;
        onLine(judgedFields(example, by), () => requestsOfExample(example, mode));
      },
    });
    return counts;
  };
}

/** Judging of proactive answers. */
export async function paucTask(flags: JudgeFilesFlags): Promise<JudgeTask> {
  const { mode } = flags;
  const gold = await readLabelled(flags.gold, (file) => readProactiveAnnotations(file, mode));
  return async (source, judge, concurrency, onLine) => {
    const by = judgedBy(judge, mode, flags.judgeSwap ?? 'off');
    const options = { mode, unknown: unknownRule(flags), missing: 'skip', omega: 0.5, concurrency } as const;
    const { counts } = await scorePauc(source, gold, judge, options, (question) => {
      onLine(judgedQuestionFields(question, by), () => requestsOfQuestion(question, mode));
    });
    return counts;
  };
}
