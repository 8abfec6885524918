import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DuetProcess } from '../e2e/duet-process.js';
import { temporaryFolder } from '../transport/test-server.js';
import { uploadAtOnce } from './parallel-uploads.js';

async function startServe(temporary: string): Promise<{ duet: DuetProcess; url: string }> {
  const duet = new DuetProcess(['serve', '--port', '0', '--workers', '1'], { TMPDIR: temporary });
  const [, url = ''] = await duet.says(/listening on (http:\S+)/);
  return { duet, url };
}

/** Names of the uploaded files of every server, by folder. */
async function leftIn(temporary: string): Promise<string[][]> {
  const folders = (await readdir(temporary)).filter((name) => name.startsWith('duet-uploads-'));
  return Promise.all(folders.map((name) => readdir(join(temporary, name, 'files'))));
}

test('of 100 uploads at once 32 are taken and 68 told to come later; deleting them makes room', async () => {
  const temporary = await temporaryFolder();
  const { url } = await startServe(temporary);
  const { statuses, ids } = await uploadAtOnce(url, 100, 200_000);
  expect(statuses).toEqual({ 201: 32, 503: 68 });
  expect((await leftIn(temporary))[0]).toHaveLength(32);
  await Promise.all(ids.map((id) => fetch(`${url}/v1/uploads/${id}`, { method: 'DELETE' })));
  expect(await leftIn(temporary)).toEqual([[]]);
  expect((await uploadAtOnce(url, 3, 1000)).statuses).toEqual({ 201: 3 });
});

test('a server deletes what a killed one left behind, and nothing of one that runs', async () => {
  const temporary = await temporaryFolder();
  const running = await startServe(temporary);
  await uploadAtOnce(running.url, 1, 1000);
  const killed = await startServe(temporary);
  await uploadAtOnce(killed.url, 3, 1000);
  killed.duet.child.kill('SIGKILL');
  await killed.duet.ended;
  expect((await leftIn(temporary)).map(({ length }) => length).sort()).toEqual([1, 3]);
  const next = await startServe(temporary);
  expect((await leftIn(temporary)).map(({ length }) => length).sort()).toEqual([0, 1]);
  await next.duet.complains(/Deleted uploads that killed servers left behind \(folders: 1\)/);
});
