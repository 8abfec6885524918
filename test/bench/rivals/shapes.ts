import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModel } from '../../../server/builder/build-model.js';
import { readCheckpointConfig } from '../../../server/builder/checkpoint/checkpoint-config.js';
import type { Benchmark, BenchOptions, Measurement, Spent } from '../measurement.js';
import { median, spread } from '../measurement.js';
import { nanoFolder } from '../nano.js';
import { operationsOf } from './operations.js';
import { OurParts } from './our-parts.js';
import { timePeak } from './peak.js';
import { NoRival, PythonRival, rivalKinds, type PartTimes } from './python-rival.js';
import { writeHalfBillion } from './random-checkpoint.js';

/** Tokens behind which a frame is appended. */
const context = 512;

/**
 * A picture, the rows of a frame and one token on their own, in the shapes of the bundled model and of a
 * 0.5B, ours beside the rivals; and the share of what the machine can multiply at most that ours reaches.
 */
export const benchmark: Benchmark = {
  name: 'shapes',
  run: async (options) => {
    const kept = process.env['DUET_BENCH_MODELS'];
    const folder = kept ?? (await mkdtemp(join(tmpdir(), 'duet-bench-')));
    try {
      const peak = await peakRates(options);
      const nano = { name: 'nano', checkpoint: join(nanoFolder, 'checkpoint'), repeats: 20 };
      const half = { name: '0.5B', checkpoint: join(folder, 'half-billion'), repeats: 2 };
      if (!existsSync(half.checkpoint)) await writeHalfBillion(half.checkpoint);
      return [
        ...Object.entries(peak).map(([name, rate]) => ({
          name: `shapes.peak ${name}`,
          ...rate,
          unit: 'GFLOP/CPU-s',
        })),
        ...(await compare(nano, folder, peak, options)),
        ...(await compare(half, folder, peak, options)),
      ];
    } finally {
      if (kept === undefined) await rm(folder, { recursive: true });
    }
  },
};

type Rates = Readonly<Record<'fp32' | 'int8', ReturnType<typeof spread>>>;

async function peakRates({ threads, rounds }: BenchOptions): Promise<Rates> {
  const size = 2048;
  const { fp32, int8 } = await timePeak(size, threads, 10 * rounds);
  const rates = (times: readonly Spent[]) => spread(times.map(({ cpu }) => (2 * size ** 3) / cpu / 1e9));
  return { fp32: rates(fp32), int8: rates(int8) };
}

interface Shape {
  readonly name: string;
  readonly checkpoint: string;
  /** Times that each part is measured in a round. */
  readonly repeats: number;
}

/**
 * Somebody whose parts are timed, opened for it: a 0.5B in float32 takes 4 GB, so there is only one at a
 * time.
 */
interface Subject {
  readonly name: string;
  readonly open: () => Promise<AsyncDisposable & Pick<PythonRival, 'parts'>>;
}

async function compare(
  shape: Shape,
  folder: string,
  peak: Rates,
  { threads, rounds }: BenchOptions,
): Promise<readonly Measurement[]> {
  const subjects = await subjectsOf(shape, folder, threads);
  const times = new Map<string, PartTimes[]>(subjects.map(({ name }) => [name, []]));
  const missing = new Map<string, string>();
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, open } of subjects.filter((each) => !missing.has(each.name))) {
      try {
        await using subject = await open();
        await subject.parts(context, 1);
        times.get(name)?.push(await subject.parts(context, shape.repeats));
      } catch (error) {
        if (!(error instanceof NoRival)) throw error;
        missing.set(name, error.message);
      }
    }
  }
  const { architecture } = await readCheckpointConfig(join(shape.checkpoint, 'config.json'));
  const left = [...missing].map(([name, why]) => ({
    ...{ name: `shapes.${shape.name} ${name}`, value: NaN, unit: '' },
    note: `left out: ${why}`,
  }));
  const measured = [...times].filter(([name]) => !missing.has(name));
  const figures = measured.flatMap(([name, found]) => [
    ...partRows(`shapes.${shape.name} ${name}`, found),
    ...shares(`shapes.${shape.name} ${name}`, found, operationsOf(architecture, context), peak),
  ]);
  return [...figures, ...left];
}

async function subjectsOf(
  { name, checkpoint }: Shape,
  folder: string,
  threads: number,
): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  for (const precision of ['fp32', 'int8'] as const) {
    const output = join(folder, `${name}-${precision}`);
    if (!existsSync(output)) await buildModel({ checkpoint, precision, output });
    subjects.push({ name: `ours ${precision}`, open: () => OurParts.load(output, threads) });
  }
  for (const kind of rivalKinds) {
    const open = () => PythonRival.start(kind, checkpoint, threads);
    subjects.push({ name: `${kind.kind} ${kind.dtype}`, open });
  }
  return subjects;
}

const parts = ['vision', 'frame', 'token'] as const;

function partRows(name: string, found: readonly PartTimes[]): readonly Measurement[] {
  return parts.flatMap((part) => {
    const times = found.flatMap((each) => each[part]);
    const [cpu, wall] = [times.map((each) => 1000 * each.cpu), times.map((each) => 1000 * each.wall)];
    return [
      {
        name: `${name}, ${part}`,
        ...spread(cpu),
        unit: 'CPU-ms',
        note: `${median(wall).toPrecision(4)} ms on the clock`,
      },
    ];
  });
}

/** How much of what a large multiplication reaches at its best in the same numbers; of ours only. */
function shares(
  name: string,
  found: readonly PartTimes[],
  operations: Readonly<Record<'vision' | 'frame', number>>,
  peak: Rates,
): readonly Measurement[] {
  const precision = (['fp32', 'int8'] as const).find((each) => name.endsWith(`ours ${each}`));
  if (precision === undefined) return [];
  return (['vision', 'frame'] as const).map((part) => {
    const seconds = found.flatMap((each) => each[part].map(({ cpu }) => cpu));
    const rates = seconds.map((each) => (100 * operations[part]) / each / 1e9 / peak[precision].range.high);
    return { name: `${name}, ${part}, share of the ${precision} peak`, ...spread(rates), unit: '%' };
  });
}
