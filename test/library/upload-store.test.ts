import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UploadStore, type Upload, type UploadLimits } from '../../server/library/upload-store.js';

async function storeWith(limits: Partial<UploadLimits> = {}): Promise<UploadStore> {
  const store = await UploadStore.create({ maxBytes: 1000, maxUploads: 3, keepMs: 60_000, ...limits });
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

const request = { id: 'a', address: null, announced: 0 };

/** Uploads a file of this many bytes. */
async function upload(store: UploadStore, id: string, bytes = 10): Promise<Upload> {
  const coming = store.expect({ ...request, id });
  coming.arrived(bytes);
  const path = join(store.folder, `${id}.mp4`);
  await writeFile(path, Buffer.alloc(bytes));
  return coming.keep({ path, bytes, type: 'video/mp4' });
}

test('a complete upload can be read by its id, and by no other', async () => {
  const store = await storeWith();
  const { path } = await upload(store, 'a');
  expect(store.use('a')).toMatchObject({ id: 'a', path, bytes: 10, type: 'video/mp4' });
  expect(() => store.use('b')).toThrow('There is no upload b, or it has expired');
});

test('uploads in progress count like kept ones, and give their place back', async () => {
  const store = await storeWith({ maxUploads: 2 });
  await upload(store, 'a');
  const coming = store.expect({ ...request, id: 'b' });
  expect(() => store.expect({ ...request, id: 'c' })).toThrow('The server keeps 2 uploads already');
  coming.discard();
  store.expect({ ...request, id: 'c' });
});

test('each address has its own limit, which does not affect others', async () => {
  const store = await storeWith({ maxPerAddress: 1 });
  store.expect({ ...request, id: 'a', address: '192.0.2.1' });
  expect(() => store.expect({ ...request, id: 'b', address: '192.0.2.1' })).toThrow(
    'The server keeps 1 uploads of your address already',
  );
  store.expect({ ...request, id: 'b', address: '192.0.2.2' });
  store.expect({ ...request, id: 'c', address: null });
});

test.each([
  ['announced', (store: UploadStore) => void store.expect({ ...request, announced: 100_000 })],
  [
    'that have come',
    (store: UploadStore) => {
      store.expect(request).arrived(1001);
    },
  ],
])('too many bytes %s are refused as too large', async (_what, send) => {
  const store = await storeWith();
  expect(() => {
    send(store);
  }).toThrow(expect.objectContaining({ code: 'too_large' }));
});

test('the bytes of all uploads are bounded: announced, received and kept', async () => {
  const store = await storeWith({ maxTotalBytes: 100 });
  const full = expect.objectContaining({ code: 'storage_full' }) as Error;
  await upload(store, 'a', 60);
  expect(() => store.expect({ ...request, id: 'b', announced: 41 })).toThrow(full);
  const coming = store.expect({ ...request, id: 'b', announced: 30 });
  coming.arrived(40);
  expect(() => {
    coming.arrived(41);
  }).toThrow(full);
  coming.discard();
  await store.delete('a');
  store.expect({ ...request, id: 'c', announced: 100 });
});

test('a deleted upload can be read to its end; its file is deleted after its last reader', async () => {
  const store = await storeWith();
  const { path } = await upload(store, 'a');
  const readers = [store.use('a'), store.use('a')];
  await store.delete('a');
  expect(() => store.use('a')).toThrow('There is no upload a');
  readers[0]?.release();
  readers[0]?.release();
  expect(existsSync(path)).toBe(true);
  readers[1]?.release();
  await expect.poll(() => existsSync(path)).toBe(false);
});

test('an upload that nobody reads expires, and one that is being read does not', async () => {
  const store = await storeWith({ keepMs: 1 });
  const { path } = await upload(store, 'a');
  await expect.poll(() => existsSync(path)).toBe(false);
  await upload(store, 'b');
  const reader = store.use('b');
  await upload(store, 'c');
  await expect.poll(() => existsSync(join(store.folder, 'c.mp4'))).toBe(false);
  expect(existsSync(reader.path)).toBe(true);
});

test('after the store is closed nothing is kept or left on the disk', async () => {
  const store = await storeWith();
  const { path } = await upload(store, 'a');
  const coming = store.expect({ ...request, id: 'b' });
  await store[Symbol.asyncDispose]();
  expect(existsSync(path)).toBe(false);
  expect(() => coming.keep({ path, bytes: 1, type: null })).toThrow('The server is stopping');
});
