// What programs import as `duet/benchmarks`.
export { findBenchmark } from './benchmarks/index.js';
export type { BenchmarkPlan } from './runner/plan.js';
export { runBenchmark } from './runner/run-benchmark.js';
export type { BenchmarkResult } from './runner/run-benchmark.js';
