import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sessionEventSchema } from '../../server/protocol/session-events.js';
import { modelsFolder } from '../../server/runtime/find-model.js';
import { readManifest } from '../../server/runtime/folder/model-folder.js';
import { temporaryFolder } from '../transport/test-server.js';
import { DuetProcess, runDuet } from './duet-process.js';

const short = ['--max-frames', '12'];

test('duet watch --json prints one event of the protocol a line and nothing else', async () => {
  const ended = await runDuet([
    'watch',
    'kitchen',
    '--ask',
    'What happens?',
    '--threshold',
    '0',
    '--json',
    ...short,
  ]);
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  const events = ended.stdout
    .trimEnd()
    .split('\n')
    .map((line) => sessionEventSchema.parse(JSON.parse(line)));
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const types = events.map(({ type }) => type);
  expect(types.slice(0, 3)).toEqual(['session.opened', 'source.opened', 'user.text.inserted']);
  expect(types.filter((type) => type === 'frame.scored')).toHaveLength(12);
  expect(types).toContain('response.done');
  expect(types.slice(-2)).toEqual(['source.ended', 'session.closed']);
});

test('duet watch prints a transcript with times', async () => {
  const args = [
    'watch',
    'kitchen',
    '--ask-at',
    '1:What now?',
    '--threshold',
    '0',
    '--cooldown',
    '2',
    ...short,
  ];
  const { exitCode, stdout, stderr } = await runDuet(args);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^kitchen \(\d+x\d+, \d\d:\d\d\), 2 frames a second by duet-nano$/m);
  expect(stdout).toMatch(/^00:01 {2,}you: What now\?$/m);
  expect(stdout).toMatch(/^00:0\d +[▁▂▃▄▅▆▇█]+ {2}\S/m);
  expect(stdout).toMatch(/finished: 12 frames in [\d.]+ s, [\d.]+x real time\n$/);
});

test('duet watch without a source plays the first sample with its question', async () => {
  const { exitCode, stdout } = await runDuet(['watch', ...short]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/you: \S/);
});

test.each([
  ['a missing file', ['watch', '/no/such/video.mp4'], 'no video file "/no/such/video.mp4"'],
  ['a missing file with --json', ['watch', 'missing.mp4', '--json'], 'missing.mp4'],
  ['an unknown option', ['watch', '--colour'], "unknown option '--colour'"],
  ['an unknown command', ['paint'], "unknown command 'paint'"],
  ['a number that is none', ['watch', '--fps', 'fast'], 'expected a number'],
  ['a policy that does not exist', ['watch', '--policy', 'loud'], 'threshold, sum, zscore, never'],
  ['a command with a slip', ['wacth'], "unknown command 'wacth' (Did you mean watch?)"],
  ['an option with a slip', ['watch', '--thresold', '1'], '(Did you mean --threshold?)'],
  ['a benchmark with a slip', ['bench', 'magqua'], '(Did you mean magqa?)'],
  [
    'a threshold no score can reach',
    ['watch', 'kitchen', '--threshold', '5'],
    'takes a number from 0 to 1 (a score',
  ],
  ['an ask at a time that is none', ['watch', '--ask-at', '1:75:What?'], '1:75 is not a time'],
  ['an ask without its time', ['watch', '--ask-at', 'What?'], 'SECONDS:TEXT'],
  ['a model that does not exist', ['watch', 'kitchen', '--model', 'nobody'], 'No model at nobody'],
  ['a task the model does not know', ['watch', 'kitchen', '--task', 'chess'], 'no task "chess"'],
  ['a wrong setting', ['serve', '--port', '99999'], '--port is "99999"'],
  ['a config file that is missing', ['config', '--config', '/no/such.json'], '/no/such.json'],
])('%s is one clear line on stderr, nothing on stdout, and exit code 2', async (_what, args, words) => {
  const { exitCode, stdout, stderr } = await runDuet(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^duet: [^\n]+\n$/);
  expect(stderr).toContain(words);
});

test('what is to be asked after the end is named, in one line, before and after', async () => {
  const asks = ['--ask-at', '1:30:Anything else?', '--ask-at', '20:And now?', '--ask-at', '0:01:What?'];
  const args = ['watch', 'kitchen', '--json', '--max-frames', '8', ...asks];
  const { exitCode, stdout, stderr } = await runDuet(args);
  expect(exitCode, stderr).toBe(0);
  expect(stderr.trimEnd().split('\n')).toEqual([
    'duet: not asked, for the video ends at 00:28: 01:30 "Anything else?"',
    'duet: not asked, for watching ended before: 00:20 "And now?"',
  ]);
  expect(stdout).toMatch(/"type":"source\.ended".*"waiting_texts":2/);
});

test('a text file named .mp4 is one clear line on stderr, nothing on stdout, and exit code 1', async () => {
  const path = join(await temporaryFolder(), 'text.mp4');
  await writeFile(path, 'This is no video.\n');
  const { exitCode, stdout, stderr } = await runDuet(['watch', path, '--json']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/^duet: [^\n]*text\.mp4[^\n]+\n$/);
});

test('Ctrl-C ends a watch with exit code 130 and leaves no ffmpeg behind', async () => {
  const duet = new DuetProcess(['watch', 'kitchen', '--realtime', '--json']);
  await duet.says(/frame\.scored/);
  duet.child.kill('SIGINT');
  const ended = await duet.ended;
  expect(ended.exitCode).toBe(130);
  expect(ended.stdout).toContain('"reason":"stopped"');
  expect(await duet.family()).toEqual([]);
});

test.each([
  ['while the model is loading', /^/],
  ['while it watches', /frame\.scored/],
])('a watch that is asked to end %s says so, as shells have it', async (_when, seen) => {
  const duet = new DuetProcess(['watch', 'kitchen', '--realtime', '--json']);
  if (seen.source === '^') await new Promise((resolve) => setTimeout(resolve, 600));
  else await duet.says(seen);
  duet.child.kill('SIGTERM');
  const { exitCode, signal, stderr } = await duet.ended;
  // Before its first line of code the signal ends it itself.
  if (signal === null) expect([exitCode, stderr]).toEqual([143, 'duet: interrupted\n']);
  else expect(signal).toBe('SIGTERM');
});

test('a record that cannot be written is not said to be there', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const { exitCode, stderr } = await runDuet(['watch', 'kitchen', '--max-frames', '2', '--record', file]);
  expect([exitCode, stderr]).toEqual([0, expect.stringMatching(/^duet: nothing whole was recorded: .+\n$/)]);
});

test('a reader that has had enough ends a watch quietly', async () => {
  const duet = new DuetProcess(['watch', 'kitchen', '--realtime', '--json']);
  await duet.says(/session\.opened/);
  duet.child.stdout?.destroy();
  expect(await duet.ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await duet.family()).toEqual([]);
});

/** duet-nano with a margin of confidence. */
async function nanoUnsureBelow(unsureBelow: number): Promise<string> {
  const path = join(await temporaryFolder(), 'nano');
  await mkdir(path);
  const nano = join(modelsFolder, 'duet-nano');
  const manifest = await readManifest(nano);
  for (const file of Object.keys(manifest.files)) await copyFile(join(nano, file), join(path, file));
  await writeFile(join(path, 'manifest.json'), JSON.stringify({ ...manifest, about: { unsureBelow } }));
  return path;
}

test('replies tell how sure the model was, and those below its margin are marked', async () => {
  const play = ['watch', 'kitchen', '--threshold', '0', '--cooldown', '2', ...short];
  const done = async (model: string) => {
    const { stdout } = await runDuet([...play, '--json', '--model', model]);
    const events = stdout.trimEnd().split('\n');
    const read = events.map((line) => sessionEventSchema.parse(JSON.parse(line)));
    return read.flatMap((event) => (event.type === 'response.done' ? [event] : []));
  };
  const usual = await done('duet-nano');
  expect(usual.length).toBeGreaterThan(1);
  for (const { confidence, unsure } of usual) {
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThanOrEqual(1);
    expect(unsure).toBeUndefined();
  }
  const strict = await nanoUnsureBelow(1);
  for (const reply of await done(strict)) expect(reply).toMatchObject({ unsure: true });
  expect((await runDuet([...play, '--model', strict])).stdout).toMatch(/\. \(not sure\)$/m);
});
