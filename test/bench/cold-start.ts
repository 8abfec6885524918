import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Benchmark } from './measurement.js';
import { median } from './measurement.js';
import { bundledClips } from './nano.js';

const program = join(resolve(import.meta.dirname, '../..'), 'dist/server/cli/main.js');
const rounds = 3;

/**
 * From starting `duet watch` as a process to its first scored frame: Node, modules, model, ffmpeg, first
 * model call.
 */
export const benchmark: Benchmark = {
  name: 'cold-start',
  run: async () => {
    const [clip = ''] = await bundledClips();
    const waits: number[] = [];
    for (let round = 0; round < rounds; round += 1) waits.push(await firstScoredFrame(clip));
    return [
      {
        name: 'cold_start.first_scored_frame',
        value: median(waits),
        unit: 'ms',
        note: `median of ${rounds} runs of \`duet watch CLIP --json\` (built by \`npm run build\`)`,
      },
    ];
  },
};

async function firstScoredFrame(clip: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [program, 'watch', clip, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface(child.stdout)) {
      const event = JSON.parse(line) as { type: string };
      if (event.type === 'frame.scored') return performance.now() - started;
    }
    throw new Error('duet watch ended without a scored frame; was it built?');
  } finally {
    child.kill('SIGINT');
    await once(child, 'close');
  }
}
