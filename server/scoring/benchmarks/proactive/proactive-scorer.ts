import type { JudgedScorer, JudgedScoring, ScoringRequest } from '../../benchmark.js';
import type { Predictions } from '../../data/match-predictions.js';
import { openPredictions } from '../../data/read-predictions.js';
import { batchId, type BatchRequest } from '../../judges/batch-request.js';
import type { JudgedBy } from '../../judges/judged-by.js';
import type { Mode } from '../../mode.js';
import type { TaskReport } from '../../report/report.js';
import { missingIn } from '../common-rules.js';
import { readProactiveAnnotations } from './pauc-annotations.js';
import { paucReport } from './pauc-report.js';
import { accumulateReplies, repliesInTurn, repliesOfPrediction } from './replies.js';
import type { ProactiveRules } from './rules.js';
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

/**
 * The batch requests of a proactive question; their ids hold the gold turn and the number of the state within
 * it, the states that only the time of delivery brings about last.
 */
export function requestsOfQuestion({ matched, prediction }: JudgedQuestion, mode: Mode): BatchRequest[] {
  const { annotation } = matched;
  const { spoken, delivered } = repliesOfPrediction(prediction, mode);
  return annotation.answer.flatMap((turn, row) => {
    const states = [spoken, delivered ?? []].flatMap((replies) =>
      accumulateReplies(repliesInTurn(turn, replies)).map(({ texts }) => texts.join(' ')),
    );
    return [...new Set(states)].map((said, column) => ({
      customId: batchId(prediction.questionId, { goldIndices: [row], replyIndices: [column] }, 'strict'),
      question: annotation.question,
      gold: turn.content,
      prediction: said,
    }));
  });
}

/**
 * What a judged file says of a proactive question: the prediction without its frame records and, for every
 * gold turn, the points [seconds, score 0..2] of what had been understood when, null where the judge did not
 * take a case; then the gold turns and who judged.
 */
function judgedQuestionFields({ matched, prediction, scored }: JudgedQuestion, judge: JudgedBy) {
  const { annotation } = matched;
  return {
    question_id: prediction.questionId,
    model_response_list: prediction.turns.map(({ time, content, role }) => ({ time, content, role })),
    video_duration: prediction.videoDuration,
    evaluator_output: scored.points.map((points) => points?.map(({ time, score }) => [time, score]) ?? null),
    ...(scored.nUnparsable > 0 ? { n_unparsable_replies: scored.nUnparsable } : {}),
    answer: annotation.answer.map((turn) => turn.content),
    answer_time: annotation.answer.map((turn) => turn.related),
    reply_time: annotation.answer.map((turn) => turn.reply),
    judge,
  };
}
