import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark, Measurement } from './measurement.js';

const usage = `npm run bench -- [names...] [--json FILE]

Measures Duet on this machine. Without names everything is measured, one after another.
Example: npm run bench -- session ingest --json bench.json`;

const { values, positionals } = parseArgs({
  options: { json: { type: 'string' }, help: { type: 'boolean' } },
  allowPositionals: true,
});

/** Loaded one by one, so that one benchmark's libraries do not weigh on another's figures. */
const benchmarks: Readonly<Record<string, () => Promise<{ benchmark: Benchmark }>>> = {
  session: () => import('./session.js'),
  pytorch: () => import('./pytorch.js'),
  overhead: () => import('./overhead.js'),
  concurrent: () => import('./concurrent.js'),
  ingest: () => import('./ingest-benchmark.js'),
  'cold-start': () => import('./cold-start.js'),
  remote: () => import('./remote.js'),
  scoring: () => import('./scoring/benchmark.js'),
};

if (values.help) {
  console.log(`${usage}\nNames: ${Object.keys(benchmarks).join(', ')}`);
} else {
  await measure(positionals.length > 0 ? positionals : Object.keys(benchmarks));
}

async function measure(names: readonly string[]): Promise<void> {
  const results: Measurement[] = [];
  for (const name of names) {
    const load = benchmarks[name];
    if (!load) throw new Error(`No benchmark "${name}"; there are: ${Object.keys(benchmarks).join(', ')}.`);
    console.error(`measuring ${name} ...`);
    results.push(...(await (await load()).benchmark.run()));
  }
  console.table(
    results.map(({ name, value, unit, aim }) => ({ name, value: Number(value.toPrecision(4)), unit, aim })),
  );
  for (const { name, note } of results) if (note) console.log(`${name}: ${note}`);
  if (values.json) await writeFile(values.json, JSON.stringify(report(results), null, 2) + '\n');
}

function report(measurements: readonly Measurement[]): object {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  return { machine, measurements };
}
