import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('./killed-server.ts', import.meta.url));

test.skipIf(process.platform === 'win32')(
  'no ffmpeg outlives a server or a command that is killed, be its source paused or stalled',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, '--short']);
    const outcomes = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { outlivedMs: number | null });
    expect(outcomes).toHaveLength(3);
    // Before there was a guard, 14 seconds and more; since then 0.1 to 0.2.
    for (const { outlivedMs } of outcomes) expect(outlivedMs ?? Infinity).toBeLessThan(3000);
  },
);
