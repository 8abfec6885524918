import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { openModel } from '../../server/runtime/find-model.js';
import { defaultPrompt, pictureShapeFor } from '../../server/runtime/capabilities.js';
import type { DuetModel } from '../../server/runtime/model.js';
import { readQuestions } from '../../server/scoring/data/question.js';
import type { Picture } from '../../server/video/frame.js';
import { openVideo } from '../../server/video/open-video.js';
import type { MeasuredFigures } from './figures.js';
import { answering } from './card-benchmarks.js';
import { annotationsOf, type TestSplit } from './test-split.js';

/** How many pictures are scored, how often, and how many at once in batches. */
const pictureCount = 120;
const repeats = 3;
const batch = 4;

/**
 * Frames a second that the model takes in on this machine, its pictures being decoded beforehand; the median
 * of three.
 */
export async function measureSpeed(
  folder: string,
  split: TestSplit,
  signal: AbortSignal,
): Promise<Pick<MeasuredFigures, 'processor' | 'cores' | 'frames_per_second'>> {
  await using model = await openModel(folder, { workers: 1, onWarning: () => undefined }, signal);
  const [first] = await readQuestions(annotationsOf(split, answering.benchmark));
  const pictures = await picturesOf(model, join(split.clips, first?.video ?? ''), signal);
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    frames_per_second: {
      one_by_one: await framesPerSecond(model, pictures, 1, signal),
      in_batches: await framesPerSecond(model, pictures, batch, signal),
      batch,
    },
  };
}

async function picturesOf(model: DuetModel, path: string, signal: AbortSignal): Promise<readonly Picture[]> {
  const { capabilities } = model;
  const sampling = {
    fps: capabilities.recommended.default.fps,
    sampler: 'timestamps',
    pacing: 'fast',
  } as const;
  const ffmpegPolicy = { trustedSource: true, allowBundled: true };
  const options = { ...sampling, ...pictureShapeFor(capabilities), maxFrames: pictureCount, ffmpegPolicy };
  await using stream = await openVideo({ type: 'file', path }, options, signal);
  const pictures: Picture[] = [];
  for await (const { picture } of stream) pictures.push(picture);
  return pictures;
}

async function framesPerSecond(
  model: DuetModel,
  pictures: readonly Picture[],
  size: number,
  signal: AbortSignal,
): Promise<number> {
  const rates: number[] = [];
  for (let turn = 0; turn < repeats; turn += 1) {
    await using context = await model.openContext(defaultPrompt(model.capabilities), signal);
    const started = performance.now();
    for (let index = 0; index < pictures.length; index += size) {
      await context.appendFrames(pictures.slice(index, index + size), signal);
    }
    rates.push((1000 * pictures.length) / (performance.now() - started));
  }
  return rates.sort((one, other) => one - other)[Math.floor(repeats / 2)] ?? 0;
}
