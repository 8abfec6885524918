import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { profileBench } from './flame.js';
import { historyPage } from './history/history-page.js';
import { appendRun, describeRun, readHistory } from './history/history.js';
import type { Benchmark, BenchOptions, Measurement } from './measurement.js';

/** Loaded one by one, so that one benchmark's libraries do not weigh on another's figures. */
const benchmarks: Readonly<Record<string, () => Promise<{ benchmark: Benchmark }>>> = {
  session: () => import('./session.js'),
  pytorch: () => import('./rivals/pytorch.js'),
  shapes: () => import('./rivals/shapes.js'),
  live: () => import('./live.js'),
  context: () => import('./context-growth.js'),
  overhead: () => import('./overhead.js'),
  ingest: () => import('./ingest-benchmark.js'),
  'cold-start': () => import('./cold-start.js'),
  remote: () => import('./remote.js'),
  'remote-loop': () => import('./remote-loop.js'),
  scoring: () => import('./scoring/benchmark.js'),
};

const usage = `npm run bench -- [names...] [options]

Measures Duet on this machine, one benchmark after another; without names all of them:
${Object.keys(benchmarks).join(', ')}

  --threads N      threads of one model call, of ours and of rivals alike (default 1)
  --rounds N       how often those that are compared take their turn (default 3)
  --json FILE      writes the figures of this run
  --history FILE   appends this run, as one line
  --html FILE      makes a page of the history; without names nothing is measured
  --flame FILE     measures the named benchmarks under Node's profiler, a .cpuprofile for each thread

Example: npm run bench -- session pytorch --history bench.jsonl --html bench.html`;

const args = process.argv.slice(2);
const { values, positionals } = parseArgs({
  args,
  options: {
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    history: { type: 'string' },
    html: { type: 'string' },
    flame: { type: 'string' },
    help: { type: 'boolean' },
  },
  allowPositionals: true,
});

if (values.help) console.log(usage);
else if (values.flame !== undefined) await flame(values.flame);
else {
  if (positionals.length > 0 || values.html === undefined) await measure();
  if (values.html !== undefined) await writePage(values.html);
}

async function measure(): Promise<void> {
  const options = { threads: countOf('threads'), rounds: countOf('rounds') };
  const results: Measurement[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(benchmarks)) {
    results.push(...(await measureOne(name, options)));
  }
  console.table(results.map(rowOf));
  for (const { name, note } of results) if (note !== undefined) console.log(`${name}: ${note}`);
  const run = describeRun(results, args);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(run, null, 2)}\n`);
  if (values.history !== undefined) await appendRun(values.history, run);
}

async function measureOne(name: string, options: BenchOptions): Promise<readonly Measurement[]> {
  const load = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (!load) throw new Error(`No benchmark "${name}"; there are: ${Object.keys(benchmarks).join(', ')}.`);
  console.error(`measuring ${name} ...`);
  return (await load()).benchmark.run(options);
}

async function writePage(file: string): Promise<void> {
  if (values.history === undefined)
    throw new Error('--html makes a page of a history: name one with --history FILE');
  await writeFile(file, historyPage(await readHistory(values.history)));
  console.log(`wrote ${file}`);
}

async function flame(file: string): Promise<void> {
  if (positionals.length === 0)
    throw new Error('--flame needs the benchmark to profile, for example: session');
  const given = ['threads', 'rounds'] as const;
  const files = await profileBench(file, [
    ...positionals,
    ...given.flatMap((name) => [`--${name}`, values[name]]),
  ]);
  console.log(
    `wrote ${files.join(', ')}: open them in the profiler of a browser's developer tools, or in VS Code`,
  );
}

function countOf(name: 'threads' | 'rounds'): number {
  const count = Number(values[name]);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`--${name} is ${values[name]}; it must be a whole number from 1`);
}

function rowOf({ name, value, unit, range, aim }: Measurement): object {
  const between = range && range.samples > 1 ? `${short(range.low)} - ${short(range.high)}` : '';
  return { name, value: short(value), between, unit, aim: aim ?? '' };
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}
