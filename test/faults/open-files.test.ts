import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { OpenFilesReport } from './open-files.js';

const script = fileURLToPath(new URL('./open-files.ts', import.meta.url));
const clip = fileURLToPath(new URL('../../samples/clips/desk.mp4', import.meta.url));

test.skipIf(process.platform === 'win32')(
  'where no further file can be opened, a video is refused for the moment, nothing is left uncaught, and later it opens',
  async () => {
    const command = 'ulimit -n 256; exec "$0" --import tsx "$1" "$2"';
    const { stdout } = await promisify(execFile)('bash', ['-c', command, process.execPath, script, clip]);
    const { tries, uncaught } = JSON.parse(stdout) as OpenFilesReport;
    expect(uncaught).toEqual([]);
    const outcomes = tries.map(({ outcome }) => outcome);
    expect(outcomes.slice(0, 2)).toEqual(['busy', 'busy']);
    expect(outcomes.at(-1)).toBe('frame 0');
    expect(new Set(outcomes)).toEqual(new Set(['busy', 'frame 0']));
  },
  70_000,
);
