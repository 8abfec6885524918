import { findBenchmark, runBenchmark } from 'duet/benchmarks';

const stop = new AbortController();
process.once('SIGINT', () => {
  stop.abort();
});

const { report, files, unplayable } = await runBenchmark(
  {
    benchmark: findBenchmark('magqa'),
    model: 'duet-nano',
    folder: process.argv[2] ?? 'duet-bench/from-a-program',
    limit: 2,
    baseline: { type: 'oracle-times' },
  },
  { signal: stop.signal },
);

const [first] = report.headline;
console.log(`${first?.name}: ${first?.value}, ${unplayable.length} questions not played`);
console.log(`written: ${files.join(', ')}`);
