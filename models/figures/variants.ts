import type { BenchTask } from './tasks.js';

/** One way in which the benchmarks are played: the model itself, a baseline, an ablation, another build. */
export interface Variant {
  /** Name in `figures.json`. */
  readonly name: string;
  /** Name in the card. */
  readonly title: string;
  readonly tasks: readonly BenchTask[];
  /** Flags of `duet bench` that make it. */
  readonly args: readonly string[];
  /** Which build plays. */
  readonly build: 'model' | 'int8';
}

const speaking: readonly BenchTask[] = ['magqa', 'proactive', 'youcook2'];
const all: readonly BenchTask[] = [...speaking, 'charades', 'qvhighlights'];

const itself: Variant = { name: 'model', title: 'the model', tasks: all, args: [], build: 'model' };

/** Everything that stands in the model's card beside the model itself. */
const others: readonly Variant[] = [
  baseline('oracle-times', 'told when to speak (oracle times)'),
  baseline('uniform', 'speaking at uniform times'),
  baseline('every-frame', 'speaking after every frame'),
  baseline('majority', 'commonest answer at oracle times'),
  ablation('shuffled', 'frames shuffled'),
  ablation('black', 'black frames'),
];

/** All variants, the model itself first. */
export function variantsWith(int8: boolean): readonly Variant[] {
  const second: Variant = { ...itself, name: 'int8', title: 'the model in int8', build: 'int8' };
  return [itself, ...(int8 ? [second] : []), ...others];
}

function baseline(name: string, title: string): Variant {
  return { name, title, tasks: speaking, args: ['--baseline', name], build: 'model' };
}

function ablation(name: string, title: string): Variant {
  return { name, title, tasks: all, args: ['--frames', name], build: 'model' };
}
