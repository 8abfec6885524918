import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../transport/test-server.js';
import { runDuet } from './duet-process.js';

const watch = ['watch', 'kitchen', '--workers', '1', '--max-frames', '20', '--threshold', '0.3', '--json'];

/** The transcript of a replay: what stands between the line about the video and that about its end. */
function spoken(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => /^\d\d:\d\d /.test(line) && !/ finished: /.test(line))
    .map((line) => line.replaceAll(/[▁-█]/g, '').replaceAll(/ +/g, ' '));
}

test('what duet watch prints, and what it records, is replayed without the model as it was', async () => {
  const folder = await temporaryFolder();
  const watched = await runDuet([...watch, '--record', join(folder, 'records')]);
  expect(watched.exitCode).toBe(0);
  const file = join(folder, 'kitchen.jsonl');
  await writeFile(file, watched.stdout);
  const [id = ''] = (await readdir(join(folder, 'records'))).filter((name) => !name.startsWith('server-'));
  const recorded = join(folder, 'records', id);
  expect(watched.stderr).toBe(`duet: the record is in ${recorded}\n`);
  const both = [await runDuet(['replay', file]), await runDuet(['replay', recorded])];
  for (const { exitCode, stdout, stderr } of both) {
    expect(exitCode).toBe(0);
    expect(spoken(stdout)).toEqual([
      '00:03 The cake on the left disappears.',
      '00:07 The egg in the middle gets bigger.',
    ]);
    expect(stderr).toBe(
      'duet: 20 frames, all decided as recorded; the assistant spoke 2 times, and here 2 times\n',
    );
  }
  const subtitles = await runDuet(['replay', recorded, '--to', 'srt', '--no-user']);
  expect(subtitles.stdout).toContain('-->');
  expect(subtitles.stdout.replaceAll('\n', ' ')).toContain('The cake on the left disappears.');
  expect(subtitles.stdout).not.toMatch(/You|Duet/);
  const silent = await runDuet(['replay', file, '--policy', 'never', '--json']);
  expect(silent.stdout).not.toContain('response.');
  expect(silent.stderr).toContain('and here 0 times');
});

test.each([
  [['replay', import.meta.filename], 'is no event of a session'],
  [['replay', '/nonexistent'], 'There is no record "/nonexistent"'],
  [['replay', import.meta.dirname], 'holds no record of one session'],
])('duet %j fails with one line', async (args, message) => {
  const { exitCode, stderr } = await runDuet(args);
  expect([exitCode, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain(message);
});
