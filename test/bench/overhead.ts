import { DuetSession } from '../../server/duet/session.js';
import { sessionSettings } from '../../server/duet/settings.js';
import { pictureShapeFor } from '../../server/runtime/capabilities.js';
import type { DuetContext, DuetModel } from '../../server/runtime/model.js';
import { readModelFolder } from '../../server/runtime/folder/model-folder.js';
import { loadModel } from '../../server/runtime/load-model.js';
import { OnnxModel } from '../../server/runtime/onnx/model.js';
import type { VideoFrame } from '../../server/video/frame.js';
import { FakeStream } from '../support/fake-stream.js';
import type { Benchmark } from './measurement.js';
import { median, percentile } from './measurement.js';
import { nanoFolder } from './nano.js';

const frameCount = 400;

/**
 * What a frame costs beside ONNX Runtime and ffmpeg: the time from handing a frame to a session to its trace
 * record, through worker messages, policy and log, less what the same step takes on a bare context in this
 * thread.
 */
export const benchmark: Benchmark = {
  name: 'overhead',
  run: async () => {
    await using model = await loadModel(nanoFolder, { workers: 1 });
    const bare = await bareSteps();
    const through = await sessionSteps(model);
    const differences = through.map((step) => step - bare);
    return [
      { name: 'overhead.per_frame_p50', value: median(differences), unit: 'ms' },
      {
        name: 'overhead.per_frame_p95',
        value: percentile(differences, 0.95),
        unit: 'ms',
        aim: '< 5',
        note: `${frameCount} frames one by one; a bare model step takes ${bare.toFixed(2)} ms (median)`,
      },
    ];
  },
};

function frame(index: number, side: number): VideoFrame {
  const rgb = new Uint8Array(side * side * 3).fill(index % 251);
  return { index, videoTime: index / 2, picture: { width: side, height: side, rgb } };
}

async function bareSteps(): Promise<number> {
  const { path, manifest } = await readModelFolder(nanoFolder);
  await using model = await OnnxModel.load(path, manifest, { threads: 1 });
  const { systemPrompt, promptLayout } = manifest;
  await using context: DuetContext = await model.openContext({ systemPrompt, promptLayout });
  const steps: number[] = [];
  for (let index = 0; index < frameCount; index += 1) {
    const { picture } = frame(index, manifest.picture.side);
    const started = performance.now();
    await context.appendFrames([picture]);
    steps.push(performance.now() - started);
  }
  return median(steps);
}

async function sessionSteps(model: DuetModel): Promise<readonly number[]> {
  const settings = sessionSettings(model.capabilities, 'default', {
    policy: { type: 'never' },
    batchLimit: 1,
  });
  await using session = await DuetSession.open({
    id: 'bench',
    model,
    settings,
    now: () => performance.now(),
  });
  const steps: number[] = [];
  async function* frames(): AsyncGenerator<VideoFrame> {
    for (let index = 0; index < frameCount; index += 1) {
      const after = session.log.lastSeq;
      const handedAt = performance.now();
      yield frame(index, pictureShapeFor(model.capabilities).side);
      for await (const event of session.log.read({ after })) {
        if (event.type === 'frame.scored' && event.frameIndex === index) break;
      }
      steps.push(performance.now() - handedAt);
    }
  }
  await session.watch(new FakeStream(frames()), { source: 'bench', samplingFps: 2, realtime: false });
  return steps;
}
