import type {
  JudgedFileRequest,
  JudgedScorer,
  JudgedScoring,
  RatedExample,
  ScoringRequest,
} from '../../benchmark.js';
import type { Predictions } from '../../data/match-predictions.js';
import { readQaAnnotations } from '../../data/qa-annotations.js';
import { openPredictions } from '../../data/read-predictions.js';
import type { TaskReport } from '../../report/report.js';
import { requestsOfExample } from './batch-requests.js';
import { ratingsOfExample } from './example-ratings.js';
import type { JudgedExample } from './judge-example.js';
import { judgedFields } from './judged-line.js';
import type { MagqaRules } from './rules.js';
import { magqaReport } from './magqa-report.js';
import type { MagqaOptions } from './options.js';
import { scoreJudged } from './score-judged.js';
import { scoreMagqa } from './score-magqa.js';

/** Reads the annotated questions and scores predictions against them with a judge. */
export async function openMagqa(request: ScoringRequest<MagqaRules>): Promise<JudgedScorer> {
  const gold = await readQaAnnotations(request.annotations, request.mode);
  const score = async (predictions: Predictions, judging: JudgedScoring): Promise<TaskReport> => {
    const { judge, concurrency, onRated } = judging;
    const options = { ...optionsOf(request), concurrency };
    const source = openPredictions(predictions, { frames: false });
    const onJudged = (example: JudgedExample): void => {
      onRated?.(ratedExample(example, options));
    };
    const result = await scoreMagqa({ source, gold, judge, options, onJudged });
    return magqaReport(result, judge, options);
  };
  return { type: 'judged', gold, score };
}

/** Scores a judged file; without annotations the questions nobody predicted are not known. */
export async function scoreMagqaJudged(
  file: string,
  request: JudgedFileRequest & { readonly rules: MagqaRules },
): Promise<TaskReport> {
  const { annotations, mode } = request;
  const gold = annotations === null ? null : await readQaAnnotations(annotations, mode);
  const options = optionsOf(request);
  const { result, judge } = await scoreJudged(file, gold, options);
  const report = magqaReport(result, judge, options);
  const note =
    'no annotations were given, so questions nobody predicted are not known; give --gold to count them';
  return gold === null ? { ...report, notes: [...report.notes, note] } : report;
}

function optionsOf({
  mode,
  unknown,
  rules,
}: Omit<ScoringRequest<MagqaRules>, 'annotations' | 'development'>): MagqaOptions {
  const { numExamples, allMatch, pad, concat } = rules;
  return { mode, numExamples: numExamples ?? null, allMatch, pad, concat, unknown, concurrency: 1 };
}

/** `compat` leaves silent examples out of judged files, as published. */
function ratedExample(example: JudgedExample, { mode }: MagqaOptions): RatedExample {
  const isKept = mode === 'strict' || example.score.turns > 0;
  return {
    questionId: example.score.questionId,
    fields: isKept ? (judge) => judgedFields(example, judge) : null,
    requests: () => requestsOfExample(example, mode),
    ratings: () => ratingsOfExample(example),
  };
}
