import { DuetError } from '../../server/errors.js';
import type { Manifest } from '../../server/runtime/folder/manifest.js';
import { folderFingerprint, readManifest } from '../../server/runtime/folder/model-folder.js';
import { judgingBy } from '../../server/scoring/judges/judging-plan.js';
import { headlineOf } from '../../server/scoring/report/report.js';
import { noPredictions, scorePredictions } from '../../server/scoring/score.js';
import type { TaskSettings } from '../../server/settings/task-settings.js';
import {
  answering,
  proactiveAnswering,
  type BenchmarkOutcome,
  type CardBenchmark,
} from './card-benchmarks.js';
import { sweepOf, thresholdCurve } from './curve/threshold-curve.js';
import type { Figures, MeasuredFigures, VariantFigures } from './figures.js';
import { tell } from './flags.js';
import { playBenchmark, type CardRuns } from './play-benchmark.js';
import { slicesOf } from './facts/slices.js';
import { tellingOf } from './facts/telling.js';
import { measureSpeed } from './speed.js';
import { annotationsOf, type TestSplit } from './test-split.js';
import { benchmarksOf, variantsWith } from './variants.js';

/** The results of the model itself, by benchmark key. */
type Outcomes = ReadonlyMap<string, BenchmarkOutcome>;

/** Plays all variants and puts their figures together. Throws what playing throws. */
export async function collectFigures(
  manifest: Manifest,
  runs: CardRuns,
  withSecond: boolean,
  real: Figures['real'],
  signal: AbortSignal,
): Promise<Figures> {
  const second = withSecond ? await secondBuild(runs) : null;
  const steps = variantsWith(second?.precision ?? null).flatMap((variant) =>
    benchmarksOf(variant, runs.split).map((cardBenchmark) => ({ variant, cardBenchmark })),
  );
  const variants: Record<string, VariantFigures> = {};
  const own = new Map<string, BenchmarkOutcome>();
  for (const [index, { variant, cardBenchmark }] of steps.entries()) {
    tell(`${index + 1} of ${steps.length}: ${variant.title}, ${cardBenchmark.benchmark.title}`);
    const isOwn = variant.name === 'model';
    const isSwept = isOwn && (cardBenchmark === answering || cardBenchmark === proactiveAnswering);
    const thresholds = isSwept ? sweepOf(settingsOf(manifest, cardBenchmark)) : null;
    const outcome = await playBenchmark(variant, cardBenchmark, thresholds, runs, signal);
    variants[variant.name] = { ...variants[variant.name], ...cardBenchmark.figuresOf(outcome) };
    if (isOwn) own.set(cardBenchmark.key, outcome);
  }
  return {
    ...(await headOf(manifest, runs, own)),
    second,
    variants,
    real,
    ...(await bodyOf(manifest, runs, own, signal)),
  };
}

async function secondBuild({ models }: CardRuns): Promise<Figures['second']> {
  const { precision } = await readManifest(models.second);
  return { fingerprint: await folderFingerprint(models.second), precision };
}

async function headOf(
  { name, version, precision, recommended }: Manifest,
  { models, split, development, quick }: CardRuns,
  own: Outcomes,
): Promise<Pick<Figures, 'format' | 'model' | 'split' | 'settings'>> {
  const questions = split.benchmarks.map((cardBenchmark) => [
    cardBenchmark.key,
    outcomeOf(own, cardBenchmark).nQuestions,
  ]);
  return {
    format: 1,
    model: { name, version, precision, fingerprint: await folderFingerprint(models.model) },
    split: {
      ...{ hash: split.hash, clips: split.clipCount, quick, development: development?.hash ?? null },
      questions: Object.fromEntries(questions) as Record<string, number>,
    },
    settings: recommended,
  };
}

async function bodyOf(
  manifest: Manifest,
  { models, split }: CardRuns,
  own: Outcomes,
  signal: AbortSignal,
): Promise<Pick<Figures, 'silence' | 'threshold_curve' | 'slices' | 'telling' | 'measured'>> {
  const [answered, proactive] = [outcomeOf(own, answering), outcomeOf(own, proactiveAnswering)];
  tell('measuring the speed of the model on this machine');
  const measured: MeasuredFigures = {
    ...(await measureSpeed(models.model, split, signal)),
    in_span_at_delivery: numberOf(answered.report.values['in_span_at_delivery']),
    pauc_at_delivery: numberOf(proactive.report.values['pauc_at_delivery']),
  };
  return {
    silence: { in_span: 1, pauc: await silentPauc(split, signal) },
    threshold_curve: thresholdCurve(settingsOf(manifest, answering), answered, proactive),
    slices: slicesOf(answered.facts),
    telling: tellingOf(answered.facts),
    measured,
  };
}

/** The PAUC of saying nothing at all, which is not 0. */
async function silentPauc(split: TestSplit, signal: AbortSignal): Promise<number | null> {
  const { benchmark } = proactiveAnswering;
  const annotations = annotationsOf(split, benchmark);
  const scorer = await benchmark.open({
    ...{ annotations, mode: 'strict', unknown: 'fail', rules: {}, development: null },
  });
  const judging = judgingBy(`exact:${split.grammar}`, 'strict');
  const outcome = await scorePredictions(scorer, noPredictions, judging, { signal });
  return outcome.type === 'scored' ? headlineOf(outcome.report) : null;
}

/** The model's recommended settings for a benchmark. */
function settingsOf({ recommended }: Manifest, { benchmark }: CardBenchmark): TaskSettings {
  const names = benchmark.session.recommendedAs;
  const found = names.map((name) => recommended[name]).find((settings) => settings !== undefined);
  return found ?? recommended.default;
}

function outcomeOf(own: Outcomes, { key }: CardBenchmark): BenchmarkOutcome {
  const outcome = own.get(key);
  if (outcome === undefined) throw new DuetError('internal', `${key} was not played`);
  return outcome;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
