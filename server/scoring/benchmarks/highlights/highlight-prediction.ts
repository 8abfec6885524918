import { z } from 'zod';
import { checkValue, type JsonSource } from '../../data/json/parse-json.js';
import type { Prediction } from '../../data/prediction.js';
import { questionIdSchema, type QuestionId } from '../../data/question-id.js';
import { readJsonLines } from '../../data/json/read-json-lines.js';
import { predictionOf } from '../../data/read-predictions.js';
import { mostClips } from './clip-scores.js';
import type { ScoredWindow } from './window-detection.js';

/** A line in the format in which QVHighlights itself takes predictions. */
interface ClipPrediction {
  readonly type: 'clips';
  readonly questionId: QuestionId;
  /** Line of the file, from 1. */
  readonly line: number;
  /** A score for every two seconds of the video. */
  readonly clips: readonly number[];
  /** The moments it found, best first; null where it names none. */
  readonly windows: readonly ScoredWindow[] | null;
}

/** A line of a file whose highlights are scored. */
export type HighlightPrediction = Prediction | ClipPrediction;

const submissionSchema = z.object({
  qid: questionIdSchema,
  pred_saliency_scores: z
    .array(z.number(), { error: 'expected a list of numbers, one for every two seconds of the video' })
    .max(mostClips, 'expected a day or less'),
  pred_relevant_windows: z
    .array(z.tuple([z.number(), z.number(), z.number()], { error: 'expected [start, end, score]' }))
    .nullish(),
});

/**
 * The predictions of a file, one at a time: lines of a duet or of a text answer, or QVHighlights' own
 * submissions, told by their `qid`.
 */
export async function* readHighlightPredictions(file: string): AsyncGenerator<HighlightPrediction> {
  const expected =
    'one object a line: {question_id, model_response_list, debug_data} or {qid, pred_saliency_scores}';
  for await (const { source, value } of readJsonLines(file, expected)) {
    yield isSubmission(value) ? toClips(value, source) : predictionOf(value, source, true);
  }
}

function isSubmission(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'qid' in value && !('question_id' in value);
}

function toClips(value: unknown, source: JsonSource): ClipPrediction {
  const { qid, ...predicted } = checkValue(submissionSchema, value, source);
  const { pred_saliency_scores: clips, pred_relevant_windows: windows = null } = predicted;
  return { type: 'clips', questionId: qid, line: source.firstLine, clips, windows };
}
