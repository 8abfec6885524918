import { loadModel } from '../../server/runtime/load-model.js';
import type { Benchmark } from './measurement.js';
import { percentile } from './measurement.js';
import { bundledClips, nanoFolder, runSession } from './nano.js';

const sessions = 4;

/** Four sessions at once at the pace of the wall clock: how long after its time each frame was scored. */
export const benchmark: Benchmark = {
  name: 'concurrent',
  run: async () => {
    await using model = await loadModel(nanoFolder, { preload: 'all' });
    const clips = await bundledClips();
    const runs = await Promise.all(
      Array.from({ length: sessions }, (_, index) =>
        runSession(model, clips[index % clips.length] ?? '', { pacing: 'realtime' }),
      ),
    );
    const lateness = runs.flatMap(({ events }) => {
      const scored = events.filter((event) => event.type === 'frame.scored');
      const start = Math.min(...scored.map((event) => event.elapsedMs - 1000 * event.videoTime));
      return scored.map((event) => event.elapsedMs - 1000 * event.videoTime - start);
    });
    const lagging = runs.flatMap(({ events }) => events.filter((event) => event.type === 'session.lagging'));
    return [
      {
        name: 'concurrent.frame_lateness_p99',
        value: percentile(lateness, 0.99),
        unit: 'ms',
        note: `${sessions} sessions, ${lateness.length} frames; against the most punctual frame of each session`,
      },
      {
        name: 'concurrent.frame_lateness_max',
        value: Math.max(...lateness),
        unit: 'ms',
        aim: '< 500 (one frame)',
      },
      { name: 'concurrent.lag_reports', value: lagging.length, unit: '', aim: '0' },
    ];
  },
};
