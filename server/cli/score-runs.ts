import { DuetError } from '../errors.js';
import { captionsReport } from '../scoring/benchmarks/dense-captioning/captions-report.js';
import {
  exactTier,
  stemTier,
  synonymTier,
  type MeteorTier,
} from '../scoring/benchmarks/dense-captioning/meteor/tier.js';
import { readWordNet } from '../scoring/benchmarks/dense-captioning/meteor/wordnet.js';
import { formatOfPath } from '../scoring/benchmarks/dense-captioning/predicted-captions.js';
import { scoreCaptions } from '../scoring/benchmarks/dense-captioning/score-captions.js';
import type { PredictionSource } from '../scoring/data/match-predictions.js';
import { readQaAnnotations } from '../scoring/data/qa-annotations.js';
import { chooseOnDevelopment, givenChoice, type Choice } from '../scoring/benchmarks/grounding/choice.js';
import { readGroundingAnnotations } from '../scoring/benchmarks/grounding/grounding-annotations.js';
import { groundingReport } from '../scoring/benchmarks/grounding/grounding-report.js';
import { scoreGrounding, type GroundingOptions } from '../scoring/benchmarks/grounding/score-grounding.js';
import { chooseWindow } from '../scoring/benchmarks/highlights/choose-window.js';
import { readHighlightAnnotations } from '../scoring/benchmarks/highlights/highlight-annotations.js';
import {
  readHighlightPredictions,
  type HighlightPrediction,
} from '../scoring/benchmarks/highlights/highlight-prediction.js';
import { highlightReport } from '../scoring/benchmarks/highlights/highlight-report.js';
import { scoreHighlight, type HighlightOptions } from '../scoring/benchmarks/highlights/score-highlight.js';
import type { TaskReport } from '../scoring/report/report.js';
import { missingRule, predictionsIn, unknownRule } from './score-files.js';
import { readLabelled, withUnlabelled } from './score-gold.js';
import type { CaptionFlags, GroundingFlags, HighlightFlags } from './score-flags.js';

/** Scores the files of `score grounding`. */
export async function runGrounding(
  flags: GroundingFlags,
  source: PredictionSource = predictionsIn(flags.pred, true),
): Promise<TaskReport> {
  const options = {
    mode: flags.mode,
    protocol: flags.protocol,
    longestRun: flags.longestRun === true,
    unknown: unknownRule(flags),
    missing: missingRule(flags),
    choice: null,
  };
  const chosen = { ...options, choice: await chooseRow(flags, options) };
  const gold = await readLabelled(flags.gold, (file) => readGroundingAnnotations(file, flags.mode));
  return withUnlabelled(groundingReport(await scoreGrounding(source, gold, chosen), chosen), gold);
}

async function chooseRow(flags: GroundingFlags, options: GroundingOptions): Promise<Choice | null> {
  const { window, threshold, devPred, devGold } = flags;
  if (window !== undefined && threshold !== undefined) return givenChoice(window, threshold);
  if (window !== undefined || threshold !== undefined) {
    throw new DuetError('invalid_request', '--window and --threshold are chosen together; give both');
  }
  const files = developmentFiles({ devPred, devGold });
  if (files === null) return null;
  const gold = await readLabelled(files.gold, (file) => readGroundingAnnotations(file, flags.mode));
  return chooseOnDevelopment((await scoreGrounding(predictionsIn(files.pred, true), gold, options)).rows);
}

/** Scores the files of `score highlight`. */
export async function runHighlight(
  flags: HighlightFlags,
  source: PredictionSource<HighlightPrediction> = highlightsIn(flags.pred),
): Promise<TaskReport> {
  const options = {
    mode: flags.mode,
    protocol: flags.protocol,
    unknown: flags.mode === 'compat' ? ('skip' as const) : unknownRule(flags),
    missing: missingRule(flags),
    window: null,
  };
  const chosen = { ...options, window: await windowOf(flags, options) };
  const gold = await readLabelled(flags.gold, (file) => readHighlightAnnotations(file, flags.mode));
  return withUnlabelled(highlightReport(await scoreHighlight(source, gold, chosen), chosen), gold);
}

async function windowOf(flags: HighlightFlags, options: HighlightOptions): Promise<number | null> {
  const { window, devPred, devGold, mode } = flags;
  if (window !== undefined) return window;
  const files = developmentFiles({ devPred, devGold });
  if (files === null) return null;
  const gold = await readLabelled(files.gold, (file) => readHighlightAnnotations(file, mode));
  return chooseWindow((await scoreHighlight(highlightsIn(files.pred), gold, options)).windows);
}

/** The predictions of a file in any format that tells highlights, to be read once. */
function highlightsIn(file: string): PredictionSource<HighlightPrediction> {
  return { file, predictions: readHighlightPredictions(file) };
}

/** The files of the development split; null without any. Throws where only one of the two is given. */
function developmentFiles({
  devPred,
  devGold,
}: {
  readonly devPred: string | undefined;
  readonly devGold: string | undefined;
}): { readonly pred: string; readonly gold: string } | null {
  if (devPred === undefined && devGold === undefined) return null;
  if (devPred !== undefined && devGold !== undefined) return { pred: devPred, gold: devGold };
  throw new DuetError('invalid_request', '--dev-pred and --dev-gold belong together; give both');
}

/** Scores the files of `score densecap`. */
export async function runCaptions(
  flags: CaptionFlags,
  source: PredictionSource = predictionsIn(flags.pred, false),
): Promise<TaskReport> {
  const options = {
    mode: flags.mode,
    unknown: unknownRule(flags),
    missing: missingRule(flags),
    format: flags.captionFormat ?? formatOfPath(flags.pred),
    tier: await openTier(flags),
  };
  const gold = await readLabelled(flags.gold, (file) => readQaAnnotations(file, flags.mode));
  return withUnlabelled(captionsReport(await scoreCaptions(source, gold, options), options), gold);
}

async function openTier(flags: CaptionFlags): Promise<MeteorTier> {
  if (flags.wordnet !== undefined) return synonymTier(await readWordNet(flags.wordnet));
  return flags.meteor === 'exact' ? exactTier : stemTier;
}
