import { DuetError } from '../../../errors.js';
import type { PlainScorer, ScoringRequest } from '../../benchmark.js';
import type { Predictions, PredictionSource } from '../../data/match-predictions.js';
import { missingIn } from '../common-rules.js';
import { readHighlightAnnotations } from './highlight-annotations.js';
import { readHighlightPredictions, type HighlightPrediction } from './highlight-prediction.js';
import { highlightReport } from './highlight-report.js';
import type { HighlightRules } from './rules.js';
import { scoreHighlight, type HighlightOptions, type WindowScores } from './score-highlight.js';

type Request = ScoringRequest<HighlightRules>;

/** Reads the gold ratings, and chooses the window where there is a development split to choose on. */
export async function openHighlights(request: Request): Promise<PlainScorer> {
  const { annotations, mode, rules } = request;
  const unchosen = {
    mode,
    protocol: rules.protocol,
    unknown: mode === 'compat' ? 'skip' : request.unknown,
    missing: missingIn(mode, rules.missing),
    window: null,
  } as const;
  const options = { ...unchosen, window: await windowOf(request, unchosen) };
  const gold = await readHighlightAnnotations(annotations, mode);
  return {
    type: 'plain',
    gold,
    score: async (predictions) =>
      highlightReport(await scoreHighlight(openHighlightPredictions(predictions), gold, options), options),
  };
}

async function windowOf(
  { rules, development, mode }: Request,
  options: HighlightOptions,
): Promise<number | null> {
  if (rules.window !== undefined) return rules.window;
  if (development === null) return null;
  const gold = await readHighlightAnnotations(development.annotations, mode);
  const source = openHighlightPredictions(development.predictions);
  return chooseWindow((await scoreHighlight(source, gold, options)).windows);
}

function openHighlightPredictions(predictions: Predictions): PredictionSource<HighlightPrediction> {
  if (typeof predictions !== 'string') return predictions();
  return { file: predictions, predictions: readHighlightPredictions(predictions) };
}

/**
 * The smoothing window with the best mean average precision at the top level; the smaller one on ties. For a
 * development split.
 */
function chooseWindow(windows: readonly WindowScores[]): number {
  let best: { readonly window: number; readonly value: number } | null = null;
  for (const { window, levels } of windows) {
    const value = levels.at(-1)?.meanAveragePrecision ?? NaN;
    if (window !== null && value > (best?.value ?? -Infinity)) best = { window, value };
  }
  if (best !== null) return best.window;
  throw new DuetError(
    'invalid_request',
    'the development split has no frame scores to choose a smoothing window by',
  );
}
