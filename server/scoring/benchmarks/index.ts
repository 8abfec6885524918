import { DuetError } from '../../errors.js';
import type { Benchmark } from '../benchmark.js';
import { denseCaptioning } from './dense-captioning/dense-captioning.js';
import { grounding } from './grounding/grounding.js';
import { highlights } from './highlights/highlights.js';
import { magqa } from './magqa/magqa.js';
import { ovoBench } from './ovo-bench/ovo-bench.js';
import { proactive } from './proactive/proactive.js';
import { streamingBench } from './streamingbench/streamingbench.js';
import { trigger } from './trigger/trigger.js';

/** All benchmarks, in the order in which commands list them. */
export const benchmarks: readonly Benchmark[] = [
  ...[magqa, denseCaptioning, grounding, highlights, proactive],
  ...[trigger, ovoBench, streamingBench],
];

/** A benchmark by its name or one of its aliases. Throws 'not_found', listing the known ones. */
export function findBenchmark(named: string): Benchmark {
  const found = benchmarks.find(({ name, aliases }) => name === named || aliases.includes(named));
  if (found !== undefined) return found;
  const names = benchmarks.map(({ name }) => name).join(', ');
  throw new DuetError('not_found', `There is no benchmark ${JSON.stringify(named)}; there are ${names}`);
}
