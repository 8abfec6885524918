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
import { PythonRival, rivalKinds, type PartTimes } from './python-rival.js';
import { writeHalfBillion } from './random-checkpoint.js';

/** Tokens behind which a frame is appended. */
const context = 512;

/**
 * A picture, the rows of a frame and one token on their own, in the shapes of the bundled model and of a 0.5B, ours beside
 * the rivals; and the share of what the machine can multiply at most that ours reaches.
 */
export const benchmark: Benchmark = {
  name: 'shapes',
  run: async (options) => {
    const folder = await mkdtemp(join(tmpdir(), 'duet-bench-'));
    try {
      const peak = await peakRates(options);
      const half = join(folder, 'half-billion');
      await writeHalfBillion(half);
      const nano = { name: 'nano', checkpoint: join(nanoFolder, 'checkpoint'), repeats: 20 };
      return [
        ...Object.entries(peak).map(([name, rate]) => ({
          name: `shapes.peak ${name}`,
          ...rate,
          unit: 'GFLOP/CPU-s',
        })),
        ...(await compare(nano, folder, peak, options)),
        ...(await compare({ name: '0.5B', checkpoint: half, repeats: 2 }, folder, peak, options)),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

type Rates = Readonly<Record<'fp32' | 'int8', ReturnType<typeof spread>>>;

async function peakRates({ threads, rounds }: BenchOptions): Promise<Rates> {
  const size = 2048;
  const { fp32, int8 } = await timePeak(size, threads, 3 * rounds);
  const rates = (times: readonly Spent[]) => spread(times.map(({ cpu }) => (2 * size ** 3) / cpu / 1e9));
  return { fp32: rates(fp32), int8: rates(int8) };
}

interface Shape {
  readonly name: string;
  readonly checkpoint: string;
  /** Times that each part is measured in a round. */
  readonly repeats: number;
}

type Subject = (repeats: number) => Promise<PartTimes>;

async function compare(
  shape: Shape,
  folder: string,
  peak: Rates,
  options: BenchOptions,
): Promise<readonly Measurement[]> {
  const opened: AsyncDisposable[] = [];
  try {
    const subjects = await openSubjects(shape, folder, options, opened);
    const times = new Map<string, PartTimes[]>([...subjects.keys()].map((name) => [name, []]));
    for (const measure of subjects.values()) await measure(1);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const [name, measure] of subjects) times.get(name)?.push(await measure(shape.repeats));
    }
    const { architecture } = await readCheckpointConfig(join(shape.checkpoint, 'config.json'));
    return [...times].flatMap(([name, found]) => [
      ...partRows(`shapes.${shape.name} ${name}`, found),
      ...shares(`shapes.${shape.name} ${name}`, found, operationsOf(architecture, context), peak),
    ]);
  } finally {
    for (const each of opened) await each[Symbol.asyncDispose]();
  }
}

async function openSubjects(
  { name, checkpoint }: Shape,
  folder: string,
  { threads }: BenchOptions,
  opened: AsyncDisposable[],
): Promise<ReadonlyMap<string, Subject>> {
  const subjects = new Map<string, Subject>();
  for (const precision of ['fp32', 'int8'] as const) {
    const output = join(folder, `${name}-${precision}`);
    await buildModel({ checkpoint, precision, output });
    const ours = await OurParts.load(output, threads);
    opened.push(ours);
    subjects.set(`ours ${precision}`, (repeats) => ours.times(context, repeats));
  }
  for (const kind of rivalKinds) {
    const rival = await PythonRival.start(kind, checkpoint, threads);
    opened.push(rival);
    subjects.set(rival.name, (repeats) => rival.parts(context, repeats));
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

/** How much of what a large multiplication reaches in the same numbers; of ours only. */
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
    const rates = seconds.map((each) => (100 * operations[part]) / each / 1e9 / peak[precision].value);
    return { name: `${name}, ${part}, share of the ${precision} peak`, ...spread(rates), unit: '%' };
  });
}
