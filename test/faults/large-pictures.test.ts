import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('./large-pictures.ts', import.meta.url));

test('pictures of 33 megapixels, pushed into four sources at once, cost no more than one of them decoded', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, '4', '2']);
  const { frames, grownMegabytes } = JSON.parse(stdout) as { frames: number; grownMegabytes: number };
  expect(frames).toBe(8);
  // One of them is 100 MB as RGB; before, eight of them took several times that.
  expect(grownMegabytes).toBeLessThan(300);
});
