import { fileFault } from '../../data/json/file-fault.js';
import { requireOrderly } from '../../data/frame-scores.js';
import {
  emptyTally,
  matchPredictions,
  missingKeys,
  type Matched,
  type MatchTally,
  type PredictionSource,
} from '../../data/match-predictions.js';
import { isReversed } from '../../data/span.js';
import type { Gold } from '../../data/annotations.js';
import type { ScoredExample } from '../../statistics/slices.js';
import type { Choice } from './choice.js';
import type { GroundingAnnotation } from './grounding-annotations.js';
import { offlineIoU } from './span-iou.js';
import { IoUSums, SweepTable, type IoUScores, type OracleRow, type SweepRow } from './sweep-table.js';
import { emptySweep, sweepExample, type ExampleSweep, type SweepRules } from './sweep.js';

/** How grounding is scored. */
export interface GroundingOptions extends SweepRules {
  readonly unknown: 'fail' | 'skip';
  /**
   * Whether annotated questions without a prediction, and texts that name no span, count as IoU 0 or not at
   * all.
   */
  readonly missing: 'zero' | 'skip';
  /** The window and threshold to report per example, if one was chosen without looking at this split. */
  readonly choice: Choice | null;
}

/** The counts of a grounding run. */
interface GroundingCounts {
  readonly nGold: number;
  readonly nPredictions: number;
  /** Examples in the means. */
  readonly nScored: number;
  readonly nMissing: number;
  readonly nUnknown: number;
  readonly nDuplicate: number;
  /** Examples whose track is too even to be scaled. */
  readonly nFlat: number;
  /** Online predictions without frame scores. */
  readonly nNoFrames: number;
  /** Text answers that do not name a span. */
  readonly nUnparsable: number;
  readonly nReversedGold: number;
}

/** Scores of a grounding run: a sweep for online predictions, one row for text answers. */
export interface GroundingResult {
  readonly type: 'online' | 'offline';
  readonly rows: readonly SweepRow[];
  readonly oracle: readonly OracleRow[];
  /** The row of the choice, or of the text answers; null where nothing was chosen. */
  readonly scores: IoUScores | null;
  /** IoU per example at the choice, or of the text answers. */
  readonly examples: readonly ScoredExample[];
  readonly counts: GroundingCounts;
}

interface Accumulator {
  type: GroundingResult['type'] | null;
  readonly table: SweepTable;
  readonly single: IoUSums;
  readonly examples: ScoredExample[];
  nFlat: number;
  nNoFrames: number;
  nUnparsable: number;
  nScored: number;
}

/** Scores grounding predictions, one at a time. */
export async function scoreGrounding(
  source: PredictionSource,
  gold: Gold<GroundingAnnotation>,
  options: GroundingOptions,
): Promise<GroundingResult> {
  const tally = emptyTally();
  const sums: Accumulator = {
    type: null,
    table: new SweepTable(),
    single: new IoUSums(),
    examples: [],
    nFlat: 0,
    nNoFrames: 0,
    nUnparsable: 0,
    nScored: 0,
  };
  for await (const matched of matchPredictions(source, gold, options, tally)) {
    addMatched(sums, source.file, matched, options);
  }
  if (sums.type === null)
    throw fileFault({ file: source.file, line: 1 }, 'holds no prediction that can be scored');
  const missing = missingKeys(gold, tally);
  if (options.missing === 'zero') for (const key of missing) addMissing(sums, key, gold.get(key), options);
  return resultOf(sums, sums.type, gold, tally, missing.length, options);
}

function addMatched(
  sums: Accumulator,
  file: string,
  matched: Matched<GroundingAnnotation>,
  options: GroundingOptions,
): void {
  const { prediction, annotation, key } = matched;
  sums.type ??= prediction.type;
  if (sums.type !== prediction.type) {
    const place = { file, line: prediction.line };
    throw fileFault(place, `is an ${prediction.type} prediction among ${sums.type} ones; score them apart`);
  }
  if (prediction.type === 'offline') {
    const value = offlineIoU(prediction, annotation, options.mode);
    if (value === null) sums.nUnparsable += 1;
    if (value !== null || options.missing === 'zero') addValue(sums, key, annotation, value ?? 0);
    return;
  }
  if (prediction.frames.length > 0) {
    if (options.mode === 'strict') requireOrderly(prediction.frames, { file, line: prediction.line });
    const sweep = sweepExample(prediction.frames, annotation.spans, options);
    if (sweep.flat) sums.nFlat += 1;
    addSweep(sums, key, annotation, sweep, options);
    return;
  }
  if (options.mode === 'compat') {
    throw fileFault(
      { file, line: prediction.line, field: 'debug_data' },
      'has no frame scores to ground with',
    );
  }
  sums.nNoFrames += 1;
  addSweep(sums, key, annotation, emptySweep(), options);
}

function addMissing(
  sums: Accumulator,
  key: string,
  annotation: GroundingAnnotation | undefined,
  options: GroundingOptions,
): void {
  if (annotation === undefined) return;
  if (sums.type === 'offline') addValue(sums, key, annotation, 0);
  else addSweep(sums, key, annotation, emptySweep(), options);
}

function addSweep(
  sums: Accumulator,
  key: string,
  annotation: GroundingAnnotation,
  sweep: ExampleSweep,
  { choice }: GroundingOptions,
): void {
  sums.table.add(sweep);
  if (choice === null) sums.nScored += 1;
  else addValue(sums, key, annotation, sweep.values[choice.window]?.[choice.position] ?? 0);
}

function addValue(sums: Accumulator, key: string, annotation: GroundingAnnotation, value: number): void {
  sums.nScored += 1;
  sums.single.add(value);
  sums.examples.push({ id: key, value, tags: annotation.tags });
}

function resultOf(
  sums: Accumulator,
  type: GroundingResult['type'],
  gold: ReadonlyMap<string, GroundingAnnotation>,
  tally: MatchTally,
  nMissing: number,
  options: GroundingOptions,
): GroundingResult {
  const spans = [...gold.values()].flatMap((annotation) => annotation.spans);
  return {
    type,
    rows: type === 'online' ? sums.table.rows() : [],
    oracle: type === 'online' ? sums.table.oracleRows() : [],
    scores: type === 'offline' || options.choice !== null ? sums.single.scores() : null,
    examples: sums.examples,
    counts: {
      nGold: gold.size,
      nPredictions: tally.nPredictions,
      nScored: sums.nScored,
      nMissing,
      nUnknown: tally.nUnknown,
      nDuplicate: tally.nDuplicate,
      nFlat: sums.nFlat,
      nNoFrames: sums.nNoFrames,
      nUnparsable: sums.nUnparsable,
      nReversedGold: spans.filter(isReversed).length,
    },
  };
}
