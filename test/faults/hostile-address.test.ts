import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('./hostile-address.ts', import.meta.url));

test('an address that drips, stalls, or never comes to its point is given up in words', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, '--short']);
  const outcomes = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { case: string; seconds: number; said: string });
  expect(Object.fromEntries(outcomes.map((outcome) => [outcome.case, outcome.said]))).toMatchObject({
    'drips from the start': expect.stringMatching(/gave no picture for 3 seconds/) as string,
    'drips after the first pictures': expect.stringMatching(
      /gave no picture for 3 seconds after frame/,
    ) as string,
    'stalls after the first pictures': expect.stringMatching(
      /gave no picture for 3 seconds after frame/,
    ) as string,
    'endless headers': expect.stringMatching(/more than 64 KiB of headers/) as string,
    'endless redirects': expect.stringMatching(/more than 10 times/) as string,
  });
  for (const { seconds } of outcomes) expect(seconds).toBeLessThan(20);
});
