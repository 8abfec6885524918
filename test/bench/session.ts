import { monitorEventLoopDelay } from 'node:perf_hooks';
import { loadModel } from '../../server/runtime/load-model.js';
import type { Benchmark, Measurement } from './measurement.js';
import { median, percentile } from './measurement.js';
import { bundledClips, nanoFolder, runSession, type SessionRun } from './nano.js';

const rounds = 3;

/**
 * The embedded model on the bundled clips, as fast as it goes: frames per second, first token, the event loop
 * meanwhile.
 */
export const benchmark: Benchmark = {
  name: 'session',
  run: async () => {
    await using model = await loadModel(nanoFolder, { preload: 'all' });
    const clips = await bundledClips();
    const runs: SessionRun[] = [];
    const loop = monitorEventLoopDelay({ resolution: 1 });
    await runSession(model, clips[0] ?? '', { pacing: 'fast' });
    loop.enable();
    for (let round = 0; round < rounds; round += 1) {
      for (const clip of clips) runs.push(await runSession(model, clip, { pacing: 'fast' }));
    }
    loop.disable();
    const { cost, capacity } = model.capabilities;
    return [
      ...speed(runs, model.capabilities.recommended.default.fps),
      ...firstToken(runs),
      {
        name: 'session.event_loop_delay_p99',
        // The monitor's own timer has a resolution of 1 ms, which is not a delay.
        value: loop.percentile(99) / 1e6 - 1,
        unit: 'ms',
        aim: '< 20',
      },
      {
        name: 'session.cache_bytes_per_token',
        value: (cost.bytes ?? NaN) / (capacity?.frame ?? NaN),
        unit: 'B',
      },
    ];
  },
};

function speed(runs: readonly SessionRun[], fps: number): readonly Measurement[] {
  const rates = runs.map(({ frames, wallMs }) => (1000 * frames) / wallMs);
  const frames = runs.reduce((total, run) => total + run.frames, 0);
  return [
    {
      name: 'session.frames_per_second',
      value: median(rates),
      unit: 'frames/s',
      note: `median of ${runs.length} whole sessions, ${frames} frames, opening of video and context included`,
    },
    { name: 'session.times_real_time', value: median(rates) / fps, unit: 'x', aim: `>= 15 at ${fps} fps` },
  ];
}

function firstToken(runs: readonly SessionRun[]): readonly Measurement[] {
  const waits = runs.flatMap(({ events }) =>
    events.flatMap((event) =>
      event.type === 'response.done' && event.timing.firstTokenMs !== null
        ? [event.timing.firstTokenMs - event.timing.firedMs]
        : [],
    ),
  );
  return [
    {
      name: 'session.first_token_p50',
      value: percentile(waits, 0.5),
      unit: 'ms',
      note: `${waits.length} replies`,
    },
    { name: 'session.first_token_p95', value: percentile(waits, 0.95), unit: 'ms' },
  ];
}
