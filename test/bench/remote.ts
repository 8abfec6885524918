import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundledSamples } from '../../server/main.js';
import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { findModel } from '../../server/runtime/find-model.js';
import { pictureShapeFor } from '../../server/runtime/capabilities.js';
import { openVideo } from '../../server/video/open-video.js';
import type { FrameStream } from '../../server/video/stream.js';
import type { VideoFrame } from '../../server/video/frame.js';
import { FakeEngine } from '../support/fake-engine.js';
import { FakeStream } from '../support/fake-stream.js';
import { writeModelFile } from '../runtime/remote/model-files.js';
import type { Benchmark, Measurement } from './measurement.js';

/** Milliseconds that the engine takes for an answer. */
const answerMs = 300;

/** Dollars per million tokens of the model whose hour is priced: those of a small vision model. */
const prices = { input: 0.1, output: 0.4 };

/**
 * What a model behind an API is asked: requests a minute on a still picture and on two samples, with the gate
 * and without, what an hour of that costs, and how long the event loop stands still while requests are out.
 * The engine is one of the tests, which answers after 300 ms and counts 900 tokens for a decision.
 */
export const benchmark: Benchmark = {
  name: 'remote',
  run: async () => {
    const all: Measurement[] = [];
    for (const [how, gate] of gates) {
      all.push(
        ...(await measured(`still, ${how}`, gate, (_, fps) => Promise.resolve(stillPicture(60, fps)))),
      );
      for (const clip of ['street', 'gallery'] as const) {
        all.push(...(await measured(`${clip}, ${how}`, gate, (shape, fps) => openSample(clip, shape, fps))));
      }
    }
    return all;
  },
};

const gates = [
  ['without gate', { change: 0 }],
  ['with gate', {}],
  ['with gate and detector', { detector: 'duet-sight' }],
] as const;

/** Measures a session with a model behind an API, whose gate is given, on what `open` gives. */
export async function measured(
  name: string,
  gate: object,
  open: (shape: PictureShape, fps: number) => Promise<FrameStream>,
): Promise<readonly Measurement[]> {
  await using engine = await FakeEngine.open({ delayMs: answerMs });
  const file = {
    preset: 'vllm',
    model: 'fake',
    url: `${engine.url}/v1`,
    gate,
    prices,
  };
  const found = await findModel(await writeModelFile(file), {
    onWarning: (message) => {
      console.warn(message);
    },
  });
  await using model = await found.load(new AbortController().signal);
  const settings = sessionSettings(model.capabilities);
  await using session = await DuetSession.open({ id: name, model, settings, now: () => performance.now() });
  const stream = await open(pictureShapeFor(model.capabilities), settings.fps);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  await session.watch(stream, { source: name, samplingFps: settings.fps, realtime: true });
  delay.disable();
  const minutes = (performance.now() - begun) / 60_000;
  await session.close('done');
  const spent = session.log.snapshot().findLast((event) => event.type === 'session.spent');
  const scored = session.log.snapshot().filter(({ type }) => type === 'frame.scored').length;
  const unscored = session.log.snapshot().filter(({ type }) => type === 'frame.unscored').length;
  const perHour = ((spent?.dollars ?? 0) / minutes) * 60;
  return [
    {
      name: `${name}: requests`,
      value: (spent?.calls ?? 0) / minutes,
      unit: '1/min',
      note: `${scored} frames scored, ${unscored} not`,
    },
    {
      name: `${name}: an hour`,
      value: perHour,
      unit: '$',
      note: `at $${prices.input} and $${prices.output} a million tokens`,
    },
    { name: `${name}: event loop p99`, value: delay.percentile(99) / 1e6, unit: 'ms', aim: '< 20' },
    { name: `${name}: event loop, longest`, value: delay.max / 1e6, unit: 'ms' },
  ];
}

/** A camera that shows one picture. */
function stillPicture(seconds: number, fps: number): FrameStream {
  async function* frames(): AsyncGenerator<VideoFrame> {
    const picture = { width: 448, height: 448, rgb: new Uint8Array(448 * 448 * 3).fill(90) };
    for (let index = 0; index < seconds * fps; index++) {
      yield { index, videoTime: index / fps, picture };
      await sleep(1000 / fps);
    }
  }
  return new FakeStream(frames(), { live: true });
}

/** A bundled clip at the pace at which it was filmed. */
export async function openSample(name: string, shape: PictureShape, fps: number): Promise<FrameStream> {
  const { path } = await bundledSamples.get(name);
  const ffmpegPolicy = { trustedSource: true, allowBundled: true };
  const source = { type: 'file', path } as const;
  return openVideo(source, { ...shape, fps, sampler: 'timestamps', pacing: 'realtime', ffmpegPolicy });
}

type PictureShape = ReturnType<typeof pictureShapeFor>;
