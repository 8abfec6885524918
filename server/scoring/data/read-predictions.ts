import { DuetError } from '../../errors.js';
import { fileFault } from './json/file-fault.js';
import { normaliseFrames } from './frame-scores.js';
import type { Predictions, PredictionSource } from './match-predictions.js';
import { checkValue, parseJson, type JsonSource } from './json/parse-json.js';
import { lineSchema, lineWithoutFramesSchema, type Prediction, type Turn } from './prediction.js';
import { readJsonLines } from './json/read-json-lines.js';

/**
 * Opens predictions to be read once. An empty file is an error: it would be scored as silence. `frames:
 * false` skips the per-frame scores of a file.
 */
export function openPredictions(
  predictions: Predictions,
  options: { readonly frames: boolean },
): PredictionSource {
  if (typeof predictions !== 'string') return predictions();
  const file = predictions;
  return { file, predictions: atLeastOne(file, readPredictions(file, options)) };
}

async function* atLeastOne(file: string, predictions: AsyncIterable<Prediction>): AsyncGenerator<Prediction> {
  let isEmpty = true;
  for await (const prediction of predictions) {
    isEmpty = false;
    yield prediction;
  }
  if (isEmpty) throw new DuetError('invalid_request', `${file}: holds no prediction that can be scored`);
}

/**
 * The predictions of a JSONL file, one at a time. `frames: false` skips the per-frame scores, for tasks that
 * do not need them. Throws naming file, line and field of an invalid line.
 */
export async function* readPredictions(
  file: string,
  options: { readonly frames: boolean },
): AsyncGenerator<Prediction> {
  const expected = 'one object a line: {question_id, model_response_list, video_duration}';
  for await (const { source, value } of readJsonLines(file, expected)) {
    yield predictionOf(value, source, options.frames);
  }
}

/** One checked line of a prediction file. */
export function parsePrediction(source: JsonSource, frames: boolean): Prediction {
  return predictionOf(parseJson(source), source, frames);
}

/** The prediction that a parsed line holds. */
export function predictionOf(value: unknown, source: JsonSource, frames: boolean): Prediction {
  const raw = frames
    ? checkValue(lineSchema, value, source)
    : { ...checkValue(lineWithoutFramesSchema, value, source), debug_data: undefined };
  const place = { file: source.file, line: source.firstLine };
  const shared = {
    questionId: raw.question_id,
    line: source.firstLine,
    videoDuration: raw.video_duration ?? null,
  };
  if (raw.model_response_list !== undefined) {
    const turns = raw.model_response_list.map(toTurn);
    return { ...shared, type: 'online', turns, frames: normaliseFrames(raw.debug_data ?? [], place) };
  }
  if (raw.model_response === undefined) {
    throw fileFault(
      { ...place, field: 'model_response_list' },
      'is missing, and there is no model_response either; a line needs one of them',
    );
  }
  if (shared.videoDuration === null) {
    // Times may be percents of it.
    throw fileFault({ ...place, field: 'video_duration' }, 'is missing; a text answer needs it');
  }
  const text = typeof raw.model_response === 'string' ? raw.model_response : raw.model_response[0];
  return { ...shared, videoDuration: shared.videoDuration, type: 'offline', text };
}

interface RawTurn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly time: number;
  readonly delivery_time?: number | null | undefined;
}

function toTurn(raw: RawTurn): Turn {
  return { role: raw.role, content: raw.content, time: raw.time, deliveryTime: raw.delivery_time ?? null };
}
