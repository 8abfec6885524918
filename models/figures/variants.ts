import type { Baseline } from '../../server/scoring/runner/play/baselines.js';
import type { SeenFrames } from '../../server/scoring/runner/play/frames-seen.js';
import type { BenchmarkPlan } from '../../server/scoring/runner/plan.js';
import { cardBenchmarks, type CardBenchmark } from './card-benchmarks.js';
import type { TestSplit } from './test-split.js';

/** One way in which the benchmarks are played: the model itself, a baseline, an ablation, another build. */
export interface Variant {
  /** Name in `figures.json`. */
  readonly name: string;
  /** Name in the card. */
  readonly title: string;
  /** Whether it also applies to benchmarks in which the model does not speak. */
  readonly silentToo: boolean;
  /** What it changes in the plan of a benchmark. */
  readonly changes: Partial<BenchmarkPlan>;
  /** Which build plays. */
  readonly build: 'model' | 'second';
}

const itself: Variant = { name: 'model', title: 'the model', silentToo: true, changes: {}, build: 'model' };

/** The variants on the card besides the model itself. */
const others: readonly Variant[] = [
  baseline('oracle-times', 'told when to speak (oracle times)'),
  baseline('uniform', 'speaking at uniform times'),
  baseline('every-frame', 'speaking after every frame'),
  baseline('majority', 'commonest answer at oracle times'),
  ablation('shuffled', 'frames shuffled'),
  ablation('black', 'black frames'),
];

/** All variants, the model itself first; `precision`: that of a second build, if there is one. */
export function variantsWith(precision: string | null): readonly Variant[] {
  if (precision === null) return [itself, ...others];
  const title = `the model in ${precision}`;
  return [itself, { ...itself, name: 'second', title, build: 'second' }, ...others];
}

/** The benchmarks of a split that a variant is played for, in the card's order. */
export function benchmarksOf(
  { silentToo }: Variant,
  { benchmarks }: Pick<TestSplit, 'benchmarks'>,
): readonly CardBenchmark[] {
  const known = cardBenchmarks.filter((each) => benchmarks.includes(each));
  return known.filter(({ benchmark }) => silentToo || benchmark.session.speaks);
}

function baseline(name: Baseline['type'], title: string): Variant {
  const request = name === 'uniform' ? { type: name, interval: null } : { type: name };
  return { name, title, silentToo: false, changes: { baseline: request }, build: 'model' };
}

function ablation(name: SeenFrames, title: string): Variant {
  return { name, title, silentToo: true, changes: { frames: name }, build: 'model' };
}
