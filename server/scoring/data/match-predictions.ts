import { DuetError } from '../../errors.js';
import type { Mode } from '../mode.js';
import { fileFault, onOneLine } from './json/file-fault.js';
import type { Prediction } from './prediction.js';
import type { Gold } from './annotations.js';
import { idJson, questionKey } from './question-id.js';

/** What matching needs of a prediction. */
type Identified = Pick<Prediction, 'questionId' | 'line'>;

/** A stream of predictions, with their file name for error messages. */
export interface PredictionSource<Item extends Identified = Prediction> {
  readonly file: string;
  readonly predictions: AsyncIterable<Item>;
}

/** A file of predictions, or a function that opens those of a run; it is opened once per reading. */
export type Predictions = string | (() => PredictionSource);

/** A prediction with the annotation of its question. */
export interface Matched<Annotation, Item = Prediction> {
  readonly key: string;
  readonly prediction: Item;
  readonly annotation: Annotation;
}

/** How to match predictions, and how to treat those without an annotation. */
export interface MatchRules {
  readonly mode: Mode;
  readonly unknown: 'fail' | 'skip';
}

/** Counts of a matching; complete once all matches have been read. */
export interface MatchTally {
  nPredictions: number;
  nUnknown: number;
  nDuplicate: number;
  /** Line of the first prediction of every question. */
  readonly firstLines: Map<string, number>;
}

/** A tally with nothing counted. */
export function emptyTally(): MatchTally {
  return { nPredictions: 0, nUnknown: 0, nDuplicate: 0, firstLines: new Map() };
}

/**
 * Pairs each prediction with its annotation, in file order, leaving out unlabelled questions. A question
 * predicted twice is an error in `strict` and counted in `compat`. Predictions without an annotation are
 * either counted and skipped, or reported together in one error at the end.
 */
export async function* matchPredictions<Annotation, Item extends Identified>(
  source: PredictionSource<Item>,
  gold: Gold<Annotation>,
  rules: MatchRules,
  tally: MatchTally,
): AsyncGenerator<Matched<Annotation, Item>> {
  const unknown: string[] = [];
  for await (const prediction of source.predictions) {
    const key = questionKey(prediction.questionId, rules.mode);
    tally.nPredictions += 1;
    countRepetition(source.file, prediction, key, rules.mode, tally);
    const annotation = gold.get(key);
    if (annotation !== undefined) yield { key, prediction, annotation };
    else if (gold.unlabelled?.has(key) !== true) unknown.push(idJson(prediction.questionId));
  }
  tally.nUnknown = unknown.length;
  if (unknown.length > 0 && rules.unknown === 'fail') throw unknownFault(source.file, unknown);
}

/** Keys of the annotated questions that were never predicted. */
export function missingKeys(gold: ReadonlyMap<string, unknown>, tally: MatchTally): string[] {
  return [...gold.keys()].filter((key) => !tally.firstLines.has(key));
}

function countRepetition(
  file: string,
  prediction: Identified,
  key: string,
  mode: Mode,
  tally: MatchTally,
): void {
  const earlier = tally.firstLines.get(key);
  if (earlier === undefined) {
    tally.firstLines.set(key, prediction.line);
    return;
  }
  if (mode === 'strict') {
    const place = { file, line: prediction.line, field: 'question_id' };
    throw fileFault(place, `${key} is predicted twice, first on line ${earlier}`);
  }
  tally.nDuplicate += 1;
}

function unknownFault(file: string, unknown: readonly string[]): DuetError {
  const listed = unknown.slice(0, 20).join(', ');
  const rest = unknown.length > 20 ? ` and ${unknown.length - 20} more` : '';
  const message =
    `${file}: field question_id: ${unknown.length} predictions have no ` +
    `annotation: ${listed}${rest}; skip them with --skip-unknown`;
  return new DuetError('invalid_request', onOneLine(message));
}
