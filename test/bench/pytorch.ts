import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { loadModel } from '../../server/runtime/load-model.js';
import type { ModelDescription } from '../../server/runtime/manifest.js';
import { openVideo } from '../../server/video/open-video.js';
import type { Benchmark, Measurement } from './measurement.js';
import { median } from './measurement.js';
import { bundledClips, nanoFolder, runSession } from './nano.js';

const python = process.env['DUET_BENCH_PYTHON'] ?? 'python3';
const script = join(import.meta.dirname, 'pytorch_session.py');
const answerSchema = z.object({ frames: z.int(), replies: z.int(), tokens: z.int(), seconds: z.number() });
const rounds = 3;

/** A whole session of ours against the same checkpoint stepped by transformers' classes, taking turns on the same machine. */
export const benchmark: Benchmark = {
  name: 'pytorch',
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'duet-bench-'));
    try {
      return await compare(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function compare(folder: string): Promise<readonly Measurement[]> {
  await using model = await loadModel(nanoFolder);
  const [clip = ''] = await bundledClips();
  const frames = join(folder, 'frames.rgb');
  await writeFile(frames, await pixelsOf(clip, model.description));
  await runSession(model, clip, { pacing: 'fast' });
  const ours: number[] = [];
  const theirs: number[] = [];
  const tokens = { ours: 0, theirs: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const run = await runSession(model, clip, { pacing: 'fast' });
    ours.push((1000 * run.frames) / run.wallMs);
    tokens.ours = run.events.reduce(
      (sum, event) => sum + (event.type === 'response.done' ? event.tokens : 0),
      0,
    );
    const other = await stepWithPyTorch(frames, model.description);
    if (typeof other === 'string') return [{ name: 'pytorch.ratio', value: NaN, unit: 'x', note: other }];
    theirs.push(other.frames / other.seconds);
    tokens.theirs = other.tokens;
  }
  return [
    {
      name: 'pytorch.ours',
      value: median(ours),
      unit: 'frames/s',
      note: `${tokens.ours} tokens, ffmpeg included`,
    },
    {
      name: 'pytorch.theirs',
      value: median(theirs),
      unit: 'frames/s',
      note: `${tokens.theirs} tokens, frames already in memory`,
    },
    { name: 'pytorch.ratio', value: median(ours) / median(theirs), unit: 'x', aim: '>= 3' },
  ];
}

async function pixelsOf(clip: string, { picture, recommended }: ModelDescription): Promise<Uint8Array> {
  await using stream = await openVideo(
    { type: 'file', path: clip },
    {
      fps: recommended.default.fps,
      sampler: 'timestamps',
      side: picture.side,
      pacing: 'fast',
      ffmpegPolicy: { trustedSource: true, allowBundled: true },
    },
  );
  const pictures: Uint8Array[] = [];
  for await (const frame of stream) pictures.push(frame.picture.rgb);
  return Buffer.concat(pictures);
}

async function stepWithPyTorch(
  frames: string,
  { recommended }: ModelDescription,
): Promise<z.infer<typeof answerSchema> | string> {
  const { policy, heads } = recommended.default;
  if (policy.type !== 'threshold')
    return `left out: the script knows policy threshold only, not ${policy.type}`;
  const args = [script, join(nanoFolder, 'checkpoint'), frames, String(policy.threshold), heads.join(',')];
  try {
    const { stdout } = await promisify(execFile)(python, args);
    return answerSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  } catch (error) {
    return `left out: ${python} (set DUET_BENCH_PYTHON) could not run ${script}: ${String(error).split('\n').at(-2) ?? ''}`;
  }
}
