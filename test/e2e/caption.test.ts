import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../transport/test-server.js';
import { DuetProcess, runDuet } from './duet-process.js';

const clips = join(import.meta.dirname, '../../samples/benchmark/clips');

/** `DUET_LONG=1` captions whole clips. */
const length = process.env['DUET_LONG'] === undefined ? ['--max-frames', '16'] : [];
const common = [
  '--model',
  'duet-nano',
  '--workers',
  '1',
  '--every',
  '4',
  '--format',
  'srt,vtt,csv,json,jsonl',
  ...length,
];

/**
 * A folder with some bundled clips: several in a folder below, two whose names differ only in their endings.
 */
async function videoFolder(count: number): Promise<string> {
  const folder = join(await temporaryFolder(), 'videos');
  await mkdir(join(folder, 'more'), { recursive: true });
  const names = (await readdir(clips)).slice(0, count);
  for (const [index, name] of names.entries()) {
    const place = index % 3 === 0 ? join('more', name) : index === 1 ? name.replace('.mp4', '.mov') : name;
    await copyFile(join(clips, name), join(folder, index === 2 ? name.replace('2.mp4', '1.mp4') : place));
  }
  return folder;
}

/** The files below a folder with their contents, without the captioner's own. */
async function contentsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  const visible = paths.filter((path) => !path.includes('.duet-caption')).sort();
  const texts = await Promise.all(visible.map((path) => readFile(path, 'utf8')));
  return new Map(visible.map((path, index) => [path.slice(folder.length + 1), texts[index] ?? '']));
}

/** Resolves once so many videos have their captions. */
async function captioned(folder: string, count: number): Promise<void> {
  for (let attempt = 0; attempt < 6000; attempt += 1) {
    const files = await readdir(folder, { recursive: true }).catch(() => []);
    if (files.filter((file) => file.endsWith('.vtt')).length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${folder} never had the captions of ${count} videos`);
}

test('ten videos, killed twice and interrupted once on the way, get the files of a run that nobody stopped', async () => {
  const videos = await videoFolder(10);
  const whole = join(videos, '../whole');
  const first = await runDuet(['caption', videos, '--recursive', '-o', whole, ...common]);
  expect([first.exitCode, first.stderr]).toEqual([0, expect.stringMatching(/captioned 10 of 10, 0 failed/)]);
  const pieces = join(videos, '../pieces');
  const again = ['caption', videos, '--recursive', '-o', pieces, ...common];
  for (const [done, signal] of [
    [1, 'SIGKILL'],
    [4, 'SIGKILL'],
    [7, 'SIGINT'],
  ] as const) {
    const running = new DuetProcess(again);
    await captioned(pieces, done);
    running.child.kill(signal);
    const { exitCode, stderr } = await running.ended;
    if (signal === 'SIGKILL') continue;
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/interrupted: \d of 10 videos are done; the same command goes on/);
    expect(await running.family()).toEqual([]);
  }
  const last = await runDuet(again);
  expect([last.exitCode, last.stderr]).toEqual([
    0,
    expect.stringMatching(/10 of 10 \([78] of them before\)/),
  ]);
  const expected = await contentsOf(whole);
  expect(await contentsOf(pieces)).toEqual(expected);
  expect([...expected.keys()]).toEqual(
    expect.arrayContaining(['test001.mov.srt', 'test001.mp4.srt', 'more/test000.json', 'captions.jsonl']),
  );
  expect(expected.size).toBe(41);
  expect(expected.get('test004.srt')).toMatch(/^1\n00:00:0\d,\d{3} --> /);
}, 300_000);

test('a broken video fails by name and the others do not; nothing foreign is overwritten', async () => {
  const videos = await videoFolder(3);
  await writeFile(join(videos, 'broken.mp4'), 'no video');
  const out = join(videos, '../out');
  await mkdir(out);
  await writeFile(join(out, 'test001.mp4.de.srt'), 'mine');
  const short = ['--workers', '1', '--max-frames', '4', '--language', 'de', '--format', 'srt'];
  const { exitCode, stdout, stderr } = await runDuet(['caption', videos, '-o', out, ...short]);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^broken.mp4 +- +- +failed$/m);
  expect(stdout).toMatch(/^test001.mov +00:\d\d +\d+ +done$/m);
  expect(stderr).toMatch(/failed broken.mp4: broken.mp4 is not a (complete )?video/);
  expect(stderr).toMatch(/failed test001.mp4: test001.mp4.de.srt is there already/);
  expect(await readFile(join(out, 'test001.mp4.de.srt'), 'utf8')).toBe('mine');
  const forced = await runDuet(['caption', videos, '-o', out, ...short, '--force']);
  expect(forced.stderr).toMatch(/captioned 2 of 3 \(1 of them before\), 1 failed/);
  expect(await readFile(join(out, 'test001.mp4.de.srt'), 'utf8')).not.toBe('mine');
});

test.each([
  [['caption', '/nonexistent.mp4', '-o', 'x'], 'no video file, folder or pattern "/nonexistent.mp4"'],
  [['caption', join(clips, '..'), '-o', 'x'], 'or add --recursive'],
  [['caption', 'nowhere/*.mp4', '-o', 'x'], 'No video matches the pattern "nowhere/*.mp4"'],
  [['caption', clips, '-o', 'x', '--format', 'ass'], '"ass" is none of srt, vtt, csv, json, jsonl'],
  [['caption', clips, '-o', 'x', '--language', 'klingon!'], 'no language tag'],
  [['caption', clips], "required option '-o, --output <folder>'"],
])('duet %j fails with one line', async (args, message) => {
  const { exitCode, stderr } = await runDuet(args);
  expect([exitCode, stderr.trimEnd().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain(message);
});

test('the commands of docs/caption-a-folder.md run', async () => {
  const folder = await temporaryFolder();
  const root = join(import.meta.dirname, '../..');
  await symlink(join(root, 'samples'), join(folder, 'samples'));
  const text = await readFile(join(root, 'docs/caption-a-folder.md'), 'utf8');
  const commands = (/```sh\n(.*?)```/s.exec(text)?.[1] ?? '').trim().split('\n');
  expect(commands).toHaveLength(2);
  for (const command of commands) {
    const [, args = ''] = /^npx duet (.*)$/.exec(command) ?? [];
    const { exitCode, stdout } = await runDuet(args.split(' '), {}, folder);
    expect([command, exitCode]).toEqual([command, 0]);
    expect(stdout).toMatch(/^street.mp4 +00:36 +\d+ +done$|^SODA_c +\d/m);
  }
}, 300_000);
