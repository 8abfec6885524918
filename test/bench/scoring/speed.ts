import type { PredictionSource } from '../../../server/scoring/data/match-predictions.js';
import type { OnlinePrediction } from '../../../server/scoring/data/prediction.js';
import { readPredictions } from '../../../server/scoring/data/read-predictions.js';
import type { Measurement } from '../measurement.js';
import { writeRun } from './run-files.js';
import type { ScoringTask } from './tasks.js';

/** Ours is timed so often and the fastest counts; the naive way takes long and is timed once. */
const rounds = 3;

/**
 * How long scoring a run takes, against the formulas run naively on the same predictions in the same process.
 * Throws where the two differ by more than rounding.
 */
export async function measureSpeed(task: ScoringTask): Promise<Measurement[]> {
  using files = await writeRun(task.makeRun(task.count));
  const { score, naive } = await task.open(files.gold);
  const predictions = await readAll(files.pred, task.frames);
  const ours: number[] = [];
  const fromFile: number[] = [];
  let figures: readonly number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const started = cpuMs();
    figures = (await score(fromMemory(predictions))).figures;
    const scored = cpuMs();
    await score({ file: files.pred, predictions: readPredictions(files.pred, { frames: task.frames }) });
    ours.push(scored - started);
    fromFile.push(cpuMs() - scored);
  }
  const started = cpuMs();
  const expected = naive(predictions);
  const naiveMs = cpuMs() - started;
  requireEqual(task.name, figures, expected);
  const best = Math.min(...ours);
  const sizes = `${task.count} ${task.unit}`;
  return [
    {
      name: `scoring.${task.name}`,
      value: best,
      unit: 'ms of CPU',
      note: `${sizes} in memory, best of ${rounds}`,
    },
    {
      name: `scoring.${task.name}_from_file`,
      value: Math.min(...fromFile),
      unit: 'ms of CPU',
      note: 'reading and checking included',
    },
    {
      name: `scoring.${task.name}_against_naive`,
      value: naiveMs / best,
      unit: 'x',
      aim: '> 1',
      note: `the formulas as written take ${naiveMs.toFixed(0)} ms and give the same ${figures.length} figures`,
    },
  ];
}

/**
 * Milliseconds of CPU this process has used: unlike the clock it does not count what others do on the
 * machine.
 */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function readAll(file: string, frames: boolean): Promise<OnlinePrediction[]> {
  const all: OnlinePrediction[] = [];
  for await (const prediction of readPredictions(file, { frames })) {
    if (prediction.type === 'online') all.push(prediction);
  }
  return all;
}

function fromMemory(predictions: readonly OnlinePrediction[]): PredictionSource {
  async function* stream(): AsyncGenerator<OnlinePrediction> {
    await Promise.resolve();
    yield* predictions;
  }
  return { file: 'memory', predictions: stream() };
}

function requireEqual(name: string, ours: readonly number[], naive: readonly number[]): void {
  const differing = ours.findIndex((value, index) => !(Math.abs(value - (naive[index] ?? NaN)) < 1e-6));
  if (ours.length === naive.length && ours.length > 0 && differing === -1) return;
  throw new Error(`${name}: figure ${differing} is ${ours[differing]}, naively ${naive[differing]}`);
}
