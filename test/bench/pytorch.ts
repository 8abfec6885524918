import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { loadModel } from '../../server/runtime/load-model.js';
import type { DuetModel } from '../../server/runtime/model.js';
import type { Picture } from '../../server/video/frame.js';
import { FakeStream } from '../support/fake-stream.js';
import type { Benchmark, Measurement } from './measurement.js';
import { median } from './measurement.js';
import { bundledClips, nanoFolder, picturesOf } from './nano.js';

const python = process.env['DUET_BENCH_PYTHON'] ?? 'python3';
const script = join(import.meta.dirname, 'pytorch_session.py');
const resultSchema = z.object({ frames: z.int(), replies: z.int(), tokens: z.int(), seconds: z.number() });
const rounds = 3;

type Result = z.infer<typeof resultSchema>;

/**
 * One long session over the frames of all bundled clips, already decoded: ours, through worker, policy and log, against the same
 * checkpoint stepped by transformers' classes. They take turns; both must say the same number of tokens.
 */
export const benchmark: Benchmark = {
  name: 'pytorch',
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'duet-bench-'));
    try {
      return await compare(join(folder, 'frames.rgb'));
    } catch (error) {
      return [leftOut(error)];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function compare(framesFile: string): Promise<readonly Measurement[]> {
  await using model = await loadModel(nanoFolder);
  const pictures: Picture[] = [];
  for (const clip of await bundledClips()) pictures.push(...(await picturesOf(clip, model.capabilities)));
  await writeFile(framesFile, Buffer.concat(pictures.map((picture) => picture.rgb)));
  await stepOurs(model, pictures.slice(0, 50));
  const ours: Result[] = [];
  const theirs: Result[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await stepOurs(model, pictures));
    theirs.push(await stepTheirs(model, framesFile));
  }
  const speeds = [ours, theirs].map((results) =>
    median(results.map(({ frames, seconds }) => frames / seconds)),
  );
  const [our = NaN, their = NaN] = speeds;
  return [
    {
      name: 'pytorch.ours',
      value: our,
      unit: 'frames/s',
      note: `${summary(ours)}; one worker of one thread`,
    },
    {
      name: 'pytorch.theirs',
      value: their,
      unit: 'frames/s',
      note: `${summary(theirs)}; torch's default threads`,
    },
    { name: 'pytorch.ratio', value: our / their, unit: 'x', aim: '>= 3' },
  ];
}

function summary([first]: readonly Result[]): string {
  return `${first?.frames ?? 0} frames, ${first?.replies ?? 0} replies of ${first?.tokens ?? 0} tokens`;
}

async function stepOurs(model: DuetModel, pictures: readonly Picture[]): Promise<Result> {
  const settings = sessionSettings(model.capabilities);
  const frames = pictures.map((picture, index) => ({ index, videoTime: index / settings.fps, picture }));
  const now = (): number => performance.now();
  const started = now();
  await using session = await DuetSession.open({ id: 'bench', model, settings, now });
  await session.watch(new FakeStream(frames), {
    source: 'bench',
    samplingFps: settings.fps,
    realtime: false,
  });
  const seconds = (now() - started) / 1000;
  const replies = session.log.snapshot().filter((event) => event.type === 'response.done');
  const tokens = replies.reduce((total, reply) => total + reply.tokens, 0);
  return { frames: pictures.length, replies: replies.length, tokens, seconds };
}

async function stepTheirs({ capabilities }: DuetModel, framesFile: string): Promise<Result> {
  const { policy, heads, cooldown, fps } = capabilities.recommended.default;
  if (policy.type !== 'threshold')
    throw new Error(`the script knows policy threshold only, not ${policy.type}`);
  const numbers = [policy.threshold, cooldown, fps].map(String);
  const args = [script, join(nanoFolder, 'checkpoint'), framesFile, heads.join(','), ...numbers];
  const { stdout } = await promisify(execFile)(python, args);
  return resultSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

function leftOut(error: unknown): Measurement {
  const why = String(error).trim().split('\n').at(-1) ?? '';
  const note = `left out: ${python} (DUET_BENCH_PYTHON) must have torch and transformers; ${why}`;
  return { name: 'pytorch.ratio', value: NaN, unit: 'x', note };
}
