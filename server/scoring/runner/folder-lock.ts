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
 * How often a lock says that its owner lives, and when it counts as dead for want of such a sign, in
 * milliseconds.
 */
const heartbeatMs = 5000;
const staleMs = 60_000;
/**
 * How long a newcomer waits for an owner that may be about to end, and how often it looks, in milliseconds.
 */
const waitMs = 3000;
const pollMs = 100;

const ownerSchema = z.object({ id: z.string(), pid: z.int().positive(), host: z.string() });
type Owner = z.output<typeof ownerSchema>;

/**
 * Keeps other processes out of a benchmark's folder while its work is done.
 *
 * - The lock is a file that names its owner. An owner on this machine that is gone, and one on any machine
 *   that gave no sign of life for a minute, loses it: a kill never locks a folder for good.
 * - Throws 'busy', naming the owner, where it lives.
 */
export async function whileLocked<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  await makeFolder(folder);
  const file = join(folder, 'lock.json');
  const me: Owner = { id: randomUUID(), pid: process.pid, host: hostname() };
  await take(file, me, folder);
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

async function take(file: string, me: Owner, folder: string): Promise<void> {
  if (await create(file, me)) return;
  const deadline = performance.now() + waitMs;
  for (let owner = await ownerOf(file); !(await isDead(file, owner)); owner = await ownerOf(file)) {
    if (performance.now() > deadline) throw inUse(folder, owner);
    await sleep(pollMs);
    if (await create(file, me)) return;
  }
  await rm(file, { force: true });
  // Whoever was quicker holds it now.
  if (!(await create(file, me))) throw inUse(folder, await ownerOf(file));
}

/** Makes the lock; false where there is one. */
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

/** Who holds a lock; null where it does not say so, its owner having been killed, or being about to write. */
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
    // A process of another user is there, but not ours to signal.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/**
 * A process that was killed stays in the table until its parent asks for it, which some parents never do.
 * Only Linux tells.
 */
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function inUse(folder: string, owner: Owner | null): DuetError {
  const who = owner === null ? 'another process' : `process ${owner.pid} on ${owner.host}`;
  return new DuetError(
    'busy',
    `${folder}: ${who} runs a benchmark in there; wait for it, or name another folder with --output`,
  );
}
