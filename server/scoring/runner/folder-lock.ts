import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';

/**
 * How often the owner of a lock gives a sign of life, and after how long without one it counts as dead, in
 * milliseconds.
 */
const heartbeatMs = 5000;
const staleMs = 60_000;
/** How long to wait for an owner that may be about to exit, and how often to check, in milliseconds. */
const waitMs = 3000;
const pollMs = 100;

const ownerSchema = z.object({ id: z.string(), pid: z.int().positive(), host: z.string() });
type Owner = z.output<typeof ownerSchema>;

/**
 * Keeps other processes out of a folder of output while `work` runs; `activity` says what the others may be
 * at.
 *
 * - The lock is a file that names its owner. It is taken over if the owner's process on this machine is gone,
 *   or if an owner on any machine gave no sign of life for a minute: a killed process never locks a folder
 *   for good.
 * - Throws 'busy', naming the owner, if it is alive.
 */
export async function whileLocked<Result>(
  folder: string,
  work: () => Promise<Result>,
  activity = 'running a benchmark there',
): Promise<Result> {
  await makeFolder(folder);
  const file = join(folder, 'lock.json');
  const me: Owner = { id: randomUUID(), pid: process.pid, host: hostname() };
  await take(file, me, (owner) => inUse(folder, owner, activity));
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, heartbeatMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await ownerOf(file))?.id === me.id) await rm(file, { force: true });
  }
}

async function take(file: string, me: Owner, refusal: (owner: Owner | null) => DuetError): Promise<void> {
  if (await create(file, me)) return;
  const deadline = performance.now() + waitMs;
  for (let owner = await ownerOf(file); !(await isDead(file, owner)); owner = await ownerOf(file)) {
    if (performance.now() > deadline) throw refusal(owner);
    await sleep(pollMs);
    if (await create(file, me)) return;
  }
  await rm(file, { force: true });
  // Another process may have been quicker.
  if (!(await create(file, me))) throw refusal(await ownerOf(file));
}

/** Creates the lock; false if there already is one. */
async function create(file: string, me: Owner): Promise<boolean> {
  try {
    await using handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify(me));
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

/**
 * The owner of a lock; null if the file does not say, because its owner was killed or has not written it yet.
 */
async function ownerOf(file: string): Promise<Owner | null> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

async function isDead(file: string, owner: Owner | null): Promise<boolean> {
  if (owner !== null && owner.host === hostname() && !isRunning(owner.pid)) return true;
  const lastHeartbeat = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return Date.now() - lastHeartbeat > staleMs;
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return true;
  if (isZombie(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // The process exists, but belongs to another user.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/**
 * A killed process stays in the process table until its parent reaps it, which some never do. Detected on
 * Linux only.
 */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function inUse(folder: string, owner: Owner | null, activity: string): DuetError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new DuetError(
    'busy',
    `${folder}: ${who} is ${activity}; wait for it, or name another folder with --output`,
  );
}
