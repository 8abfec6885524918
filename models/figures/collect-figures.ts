import { modelFingerprint } from '../../server/cli/bench/model-fingerprint.js';
import type { Manifest } from '../../server/runtime/folder/manifest.js';
import { readManifest } from '../../server/runtime/folder/model-folder.js';
import type { TaskSettings } from '../../server/settings/task-settings.js';
import { findBenchmark } from '../../server/scoring/benchmarks/index.js';
import { DuetError } from '../../server/errors.js';
import { thresholdCurve } from './curve/threshold-curve.js';
import type { Figures, MeasuredFigures, VariantFigures } from './figures.js';
import { playTask, type Playground, type TaskOutcome } from './play-task.js';
import { silentPauc } from './silence.js';
import { slicesOf } from './slices.js';
import { measureSpeed } from './speed.js';
import { figuresOf } from './task-figures.js';
import { tell } from './tell.js';
import { benchTasks, type BenchTask } from './tasks.js';
import { sweepOf } from './thresholds.js';
import { variantsWith } from './variants.js';

type Outcomes = ReadonlyMap<BenchTask, TaskOutcome>;

/** Plays all variants and puts their figures together. Throws what playing throws. */
export async function collectFigures(
  manifest: Manifest,
  ground: Playground,
  withInt8: boolean,
  signal: AbortSignal,
): Promise<Figures> {
  const runs = variantsWith(withInt8).flatMap((variant) => variant.tasks.map((task) => ({ variant, task })));
  const variants: Record<string, VariantFigures> = {};
  const own = new Map<BenchTask, TaskOutcome>();
  for (const [index, { variant, task }] of runs.entries()) {
    tell(`${index + 1} of ${runs.length}: ${variant.title}, ${findBenchmark(task).title}`);
    const isOwn = variant.name === 'model';
    const swept = isOwn && (task === 'magqa' || task === 'proactive');
    const sweep = swept ? sweepOf(settingsOf(manifest, task)) : null;
    const outcome = await playTask(variant, task, sweep, ground, signal);
    variants[variant.name] = { ...variants[variant.name], ...figuresOf(task, outcome) };
    if (isOwn) own.set(task, outcome);
  }
  return {
    ...(await headOf(manifest, ground, withInt8, own)),
    variants,
    ...(await bodyOf(manifest, ground, own, signal)),
  };
}

async function headOf(
  { name, version, precision, recommended }: Manifest,
  { folders, split, development, quick }: Playground,
  withInt8: boolean,
  own: Outcomes,
): Promise<Pick<Figures, 'format' | 'model' | 'int8' | 'split' | 'settings'>> {
  const int8 = withInt8 ? await readManifest(folders.int8) : null;
  const questions = benchTasks.map((task) => [task, outcomeOf(own, task).questions]);
  return {
    format: 1,
    model: { name, version, precision, fingerprint: await modelFingerprint(folders.model) },
    int8: int8 && { fingerprint: await modelFingerprint(folders.int8), precision: int8.precision },
    split: {
      ...{ hash: split.hash, clips: split.clipCount, quick, development: development?.hash ?? null },
      questions: Object.fromEntries(questions) as Record<string, number>,
    },
    settings: recommended,
  };
}

async function bodyOf(
  manifest: Manifest,
  ground: Playground,
  own: Outcomes,
  signal: AbortSignal,
): Promise<Pick<Figures, 'silence' | 'threshold_curve' | 'slices' | 'measured'>> {
  const [answering, proactive] = [outcomeOf(own, 'magqa'), outcomeOf(own, 'proactive')];
  tell('measuring the speed of the model on this machine');
  const measured: MeasuredFigures = {
    ...(await measureSpeed(ground.folders.model, ground.split, signal)),
    in_span_at_delivery: numberOf(answering.report.values['in_span_at_delivery']),
    pauc_at_delivery: numberOf(proactive.report.values['pauc_at_delivery']),
  };
  return {
    silence: { in_span: 1, pauc: await silentPauc(ground.split, signal) },
    threshold_curve: thresholdCurve(settingsOf(manifest, 'magqa'), answering, proactive),
    slices: slicesOf(answering.facts),
    measured,
  };
}

/** What the model's maker recommends for a task. */
function settingsOf({ recommended }: Manifest, task: BenchTask): TaskSettings {
  const names = findBenchmark(task).session.recommendedAs;
  const found = names.map((name) => recommended[name]).find((settings) => settings !== undefined);
  return found ?? recommended.default;
}

function outcomeOf(own: Outcomes, task: BenchTask): TaskOutcome {
  const outcome = own.get(task);
  if (outcome === undefined) throw new DuetError('internal', `${task} was not played`);
  return outcome;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
