import type { JudgedScorer, JudgedScoring, ScoringRequest } from '../../benchmark.js';
import type { Predictions } from '../../data/match-predictions.js';
import { openPredictions } from '../../data/read-predictions.js';
import type { TaskReport } from '../../report/report.js';
import { missingIn } from '../shared-rules.js';
import { judgedQuestionFields } from './judged-question-line.js';
import { readProactiveAnnotations } from './pauc-annotations.js';
import { paucReport } from './pauc-report.js';
import type { ProactiveRules } from './rules.js';
import { requestsOfQuestion } from './requests-of-question.js';
import { scorePauc, type JudgedQuestion } from './score-pauc.js';

type Request = ScoringRequest<ProactiveRules>;

/** Reads the gold turns and scores predictions against them with a judge. */
export async function openProactive({ annotations, mode, unknown, rules }: Request): Promise<JudgedScorer> {
  const gold = await readProactiveAnnotations(annotations, mode);
  const missing = missingIn(mode, rules.missing) === 'zero' ? 'silent' : 'skip';
  const options = { mode, unknown, missing, omega: rules.omega } as const;
  const score = async (predictions: Predictions, judging: JudgedScoring): Promise<TaskReport> => {
    const { judge, concurrency, onRated } = judging;
    const source = openPredictions(predictions, { frames: false });
    const onJudged = (question: JudgedQuestion): void => {
      onRated?.({
        questionId: question.prediction.questionId,
        fields: (by) => judgedQuestionFields(question, by),
        requests: () => requestsOfQuestion(question, mode),
        ratings: () => null,
      });
    };
    return paucReport(
      await scorePauc(source, gold, judge, { ...options, concurrency }, onJudged),
      judge,
      options,
    );
  };
  return { type: 'judged', gold, score };
}
