import type { Benchmark, Measurement } from '../measurement.js';
import { measureMemory } from './memory.js';
import { measureSpeed } from './speed.js';
import { scoringTasks } from './tasks.js';

/**
 * How long scoring takes against the formulas run naively, and how its memory grows with the number of
 * examples.
 */
export const benchmark: Benchmark = {
  name: 'scoring',
  run: async () => {
    const results: Measurement[] = [];
    for (const task of scoringTasks)
      results.push(...(await measureSpeed(task)), ...(await measureMemory(task)));
    return results;
  },
};
