import { DuetError } from '../../../errors.js';
import type { Gold } from '../../data/annotations.js';
import { requireFiniteRelevance, requireOrderly } from '../../data/frame-scores.js';
import { fileFault } from '../../data/json/file-fault.js';
import {
  emptyTally,
  matchPredictions,
  missingKeys,
  type Matched,
  type PredictionSource,
} from '../../data/match-predictions.js';
import type { Mode, Protocol } from '../../mode.js';
import { mean } from '../../statistics/mean.js';
import type { ScoredExample } from '../../statistics/slices.js';
import { smoothingWindows } from '../grounding/threshold-grid.js';
import { clipScores, offlineClipScores } from './clip-scores.js';
import type { HighlightAnnotation } from './highlight-annotations.js';
import type { HighlightPrediction } from './highlight-prediction.js';
import { scoreMomentsByLength, type MomentResult } from './moment-retrieval.js';
import { highlightLevels, labelsOf, scoreQuery, type LevelLabels } from './score-query.js';
import type { ScoredWindow } from './window-detection.js';

/** How highlights are scored. */
export interface HighlightOptions {
  readonly mode: Mode;
  /** Over which frames scores are smoothed. */
  readonly protocol: Protocol;
  readonly unknown: 'fail' | 'skip';
  /** Whether queries without a usable prediction count as 0 or not at all. */
  readonly missing: 'zero' | 'skip';
  /** The window to report per query, if one was chosen without looking at this split. */
  readonly window: number | null;
}

/** One level's pair of figures, in percent. */
interface LevelScore {
  readonly level: string;
  readonly meanAveragePrecision: number;
  readonly hitAt1: number;
}

/** The figures of one smoothing window; null for text answers and scores of clips, which are not smoothed. */
export interface WindowScores {
  readonly window: number | null;
  readonly levels: readonly LevelScore[];
}

/** Everything that was counted on the way. */
interface HighlightCounts {
  readonly nGold: number;
  readonly nPredictions: number;
  readonly nScored: number;
  readonly nMissing: number;
  readonly nUnknown: number;
  readonly nDuplicate: number;
  readonly nNoFrames: number;
  readonly nUnparsable: number;
}

/** Scores of a highlight run, per smoothing window. */
export interface HighlightResult {
  readonly windows: readonly WindowScores[];
  /** Mean average precision per query at the top level, at the chosen window. */
  readonly examples: readonly ScoredExample[];
  readonly counts: HighlightCounts;
  /** By length of the gold windows; null where no prediction or no annotation names windows. */
  readonly moments: MomentResult | null;
}

/**
 * Average precision and hit of one query, in turn: per window, per level. One flat row is kept of every
 * query.
 */
type QueryRow = Float64Array;

interface Accumulator {
  readonly rows: Map<string, QueryRow>;
  /** Null until the first prediction: the windows of frame scores, or the single row of text answers. */
  windows: readonly (number | null)[] | null;
  nNoFrames: number;
  nUnparsable: number;
  /** Windows by query, of the predictions that name some. */
  readonly windowsFound: Map<string, readonly ScoredWindow[]>;
}

/**
 * Scores highlight predictions, one at a time; of a query predicted twice, the last counts (`compat` only).
 */
export async function scoreHighlight(
  source: PredictionSource<HighlightPrediction>,
  gold: Gold<HighlightAnnotation>,
  options: HighlightOptions,
): Promise<HighlightResult> {
  requireKnownWindow(options.window);
  const tally = emptyTally();
  const sums: Accumulator = {
    rows: new Map(),
    windows: null,
    nNoFrames: 0,
    nUnparsable: 0,
    windowsFound: new Map(),
  };
  for await (const matched of matchPredictions(source, gold, options, tally)) {
    addMatched(sums, source.file, matched, options);
  }
  const windows = sums.windows;
  if (windows === null)
    throw fileFault({ file: source.file, line: 1 }, 'holds no prediction that can be scored');
  const missing = missingKeys(gold, tally);
  if (options.missing === 'zero') for (const key of missing) sums.rows.set(key, zeroRow(windows));
  if (sums.rows.size === 0)
    throw new DuetError('invalid_request', `${source.file}: no prediction can be scored`);
  return {
    windows: windows.map((window, row) => ({ window, levels: levelScores([...sums.rows.values()], row) })),
    examples: exampleRows(sums.rows, gold, windows, options),
    moments: momentsOf(sums, gold),
    counts: {
      nGold: gold.size,
      nPredictions: tally.nPredictions,
      nScored: sums.rows.size,
      nMissing: missing.length,
      nUnknown: tally.nUnknown,
      nDuplicate: tally.nDuplicate,
      nNoFrames: sums.nNoFrames,
      nUnparsable: sums.nUnparsable,
    },
  };
}

function requireKnownWindow(window: number | null): void {
  if (window === null || smoothingWindows.includes(window)) return;
  throw new DuetError('invalid_request', `window ${window} is not in the sweep; windows go from 0 to 14`);
}

function addMatched(
  sums: Accumulator,
  file: string,
  { key, prediction, annotation }: Matched<HighlightAnnotation, HighlightPrediction>,
  options: HighlightOptions,
): void {
  const windows = prediction.type === 'online' ? smoothingWindows : [null];
  sums.windows ??= windows;
  if (sums.windows.length !== windows.length) {
    throw fileFault(
      { file, line: prediction.line },
      'mixes scores of frames with text answers or scores of clips; score them apart',
    );
  }
  const row = queryRow(sums, file, prediction, annotation, options);
  if (prediction.type === 'clips' && prediction.windows !== null) {
    sums.windowsFound.set(key, prediction.windows);
  }
  if (row !== null) sums.rows.set(key, row);
  else if (options.missing === 'zero') sums.rows.set(key, zeroRow(windows));
}

function queryRow(
  sums: Accumulator,
  file: string,
  prediction: HighlightPrediction,
  annotation: HighlightAnnotation,
  { mode, protocol }: HighlightOptions,
): QueryRow | null {
  const labels = labelsOf(annotation, highlightLevels);
  if (prediction.type === 'clips') return Float64Array.from(cells(prediction.clips, labels));
  if (prediction.type === 'offline') {
    const clips = offlineClipScores(prediction);
    if (clips === null) sums.nUnparsable += 1;
    return clips === null ? null : Float64Array.from(cells(clips, labels));
  }
  if (prediction.frames.length === 0 && mode === 'strict') {
    sums.nNoFrames += 1;
    return null;
  }
  const place = { file, line: prediction.line };
  if (mode === 'strict') requireOrderly(prediction.frames, place);
  // The published evaluator fails at them, too.
  else requireFiniteRelevance(prediction.frames, place);
  try {
    const windows = smoothingWindows.map((window) => clipScores(prediction.frames, window, mode, protocol));
    return Float64Array.from(windows.flatMap((clips) => cells(clips, labels)));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw fileFault({ file, line: prediction.line, field: 'debug_data' }, problem, cause);
  }
}

function cells(clips: readonly number[], labels: readonly LevelLabels[]): number[] {
  return scoreQuery(clips, labels).flatMap(({ averagePrecisions, hit }) => [mean(averagePrecisions), hit]);
}

/** Of the queries that are scored; one without windows found none. */
function momentsOf(
  { rows, windowsFound }: Accumulator,
  gold: Gold<HighlightAnnotation>,
): MomentResult | null {
  if (windowsFound.size === 0) return null;
  const queries = [...rows.keys()].flatMap((key) => {
    const windows = gold.get(key)?.windows ?? null;
    return windows === null ? [] : [{ gold: windows, predicted: windowsFound.get(key) ?? [] }];
  });
  return queries.length === 0 ? null : scoreMomentsByLength(queries);
}

function zeroRow(windows: readonly (number | null)[]): QueryRow {
  return new Float64Array(windows.length * highlightLevels.length * 2);
}

function levelScores(queries: readonly QueryRow[], window: number): LevelScore[] {
  return highlightLevels.map(({ name }, level) => {
    const at = (window * highlightLevels.length + level) * 2;
    return {
      level: name,
      meanAveragePrecision: mean(queries.map((row) => row[at] ?? 0)) * 100,
      hitAt1: mean(queries.map((row) => row[at + 1] ?? 0)) * 100,
    };
  });
}

function exampleRows(
  rows: ReadonlyMap<string, QueryRow>,
  gold: ReadonlyMap<string, HighlightAnnotation>,
  windows: readonly (number | null)[],
  options: HighlightOptions,
): ScoredExample[] {
  const window = windows.length === 1 ? 0 : windows.indexOf(options.window);
  if (window === -1) return [];
  const topPrecision = ((window + 1) * highlightLevels.length - 1) * 2;
  return [...rows].map(([id, row]) => ({
    id,
    value: row[topPrecision] ?? 0,
    tags: gold.get(id)?.tags ?? {},
  }));
}
