import { flagsCommand } from '../../../server/cli/bench/bench-command.js';
import type { BenchFlags } from '../../../server/cli/bench/run-bench.js';
import { findBenchmark } from '../../../server/scoring/benchmarks/index.js';

/**
 * The flags of `duet bench <benchmark>` as they would be typed. Throws commander's error for invalid flags.
 */
export function benchFlagsOf(named: string, args: readonly string[]): BenchFlags {
  return flagsCommand(findBenchmark(named))
    .exitOverride()
    .parse([...args], { from: 'user' })
    .opts<BenchFlags>();
}
