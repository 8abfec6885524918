import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { whileLocked } from '../../../server/scoring/runner/folder-lock.js';

function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'duet-lock-'));
}

/** A folder with the lock of another process, last heard of so many seconds ago. */
function lockedBy(owner: string, secondsAgo: number): string {
  const folder = freshFolder();
  const file = join(folder, 'lock.json');
  writeFileSync(file, owner);
  const then = new Date(Date.now() - secondsAgo * 1000);
  utimesSync(file, then, then);
  return folder;
}

const owner = (pid: number, host: string): string => JSON.stringify({ id: 'other', pid, host });
/** Above the most that any system hands out. */
const deadPid = 2 ** 22 + 1;
const work = (): Promise<string> => Promise.resolve('done');

test('a folder is kept for one, named to the other, and free afterwards', async () => {
  const folder = join(freshFolder(), 'new', 'folder');
  await whileLocked(folder, async () => {
    expect(JSON.parse(readFileSync(join(folder, 'lock.json'), 'utf8'))).toMatchObject({ pid: process.pid });
    const message = new RegExp(`folder: process ${process.pid} on .* --output`);
    await expect(whileLocked(folder, work)).rejects.toThrow(message);
  });
  expect(readdirSync(folder)).toEqual([]);
  expect(await whileLocked(folder, work)).toBe('done');
});

test('a failure frees the folder', async () => {
  const folder = freshFolder();
  await expect(whileLocked(folder, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(join(folder, 'lock.json'))).toBe(false);
});

test.each([
  ['of a process of this machine that is gone', owner(deadPid, hostname()), 1],
  ['of another machine that was silent for long', owner(1, 'another-machine'), 120],
  ['of a process that took the number of a killed one, silent for long', owner(1, hostname()), 120],
  ['that a kill left without its owner, long ago', '{"pid', 120],
])('the lock %s is taken over', async (_whose, text, secondsAgo) => {
  expect(await whileLocked(lockedBy(text, secondsAgo), work)).toBe('done');
});

test.runIf(process.platform === 'linux')(
  'the lock of a killed process is taken over although its parent never asked for it',
  async () => {
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
    onTestFinished(() => void parent.kill('SIGKILL'));
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const folder = lockedBy(owner(Number(line.toString()), hostname()), 0);
    expect(await whileLocked(folder, work)).toBe('done');
  },
);

test('an owner that ends while a newcomer waits is followed at once', async () => {
  const folder = lockedBy(owner(1, hostname()), 0);
  const waiting = whileLocked(folder, work);
  rmSync(join(folder, 'lock.json'));
  expect(await waiting).toBe('done');
});

test.each([
  ['of a process of this machine that lives', owner(1, hostname()), 1],
  ['of another machine that was heard of', owner(deadPid, 'another-machine'), 10],
  ['that is just being written', '', 0],
])('the lock %s is respected', async (_whose, text, secondsAgo) => {
  const folder = lockedBy(text, secondsAgo);
  await expect(whileLocked(folder, work)).rejects.toThrow(/is running a benchmark there/);
  expect(readFileSync(join(folder, 'lock.json'), 'utf8')).toBe(text);
});
