import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { locateVideo, type LibraryRules } from '../../server/library/locate-video.js';
import { SampleLibrary } from '../../server/library/samples.js';
import { UploadStore } from '../../server/library/upload-store.js';
import { temporaryFolder } from '../transport/test-server.js';

async function rulesWith(changes: Partial<LibraryRules> = {}): Promise<LibraryRules & { root: string }> {
  const folder = await realpath(await temporaryFolder());
  const root = join(folder, 'videos');
  await mkdir(root);
  await mkdir(join(folder, 'samples', 'clips'), { recursive: true });
  await writeFile(join(folder, 'samples', 'clips', 'kitchen.mp4'), '');
  await writeFile(join(root, 'walk.mp4'), '');
  await writeFile(join(folder, 'secret.mp4'), '');
  const uploads = await UploadStore.create({ maxBytes: 10, maxUploads: 2, keepMs: 60_000 });
  onTestFinished(() => uploads[Symbol.asyncDispose]());
  const samples = new SampleLibrary(join(folder, 'samples'));
  return { samples, uploads, allowRoots: [root], allowUrls: false, trusted: false, root, ...changes };
}

test('a sample is found by its name, and trusted for every client', async () => {
  const rules = await rulesWith();
  const { source, name, trusted } = await locateVideo({ type: 'sample', name: 'kitchen' }, rules);
  expect([name, trusted]).toEqual(['kitchen', true]);
  expect(source).toEqual({ type: 'file', path: join(rules.samples.folder, 'clips', 'kitchen.mp4') });
  await expect(locateVideo({ type: 'sample', name: 'garden' }, rules)).rejects.toThrow('kitchen');
});

test('a file is found in the allowed folders and the samples, and nowhere else', async () => {
  const rules = await rulesWith();
  const { source, name, trusted } = await locateVideo({ type: 'file', path: 'walk.mp4' }, rules);
  expect([source, name]).toEqual([{ type: 'file', path: join(rules.root, 'walk.mp4') }, 'walk.mp4']);
  expect(trusted).toBe(false);
  await locateVideo({ type: 'file', path: 'clips/kitchen.mp4' }, rules);
  for (const path of ['../secret.mp4', join(rules.root, '..', 'secret.mp4'), '/etc/passwd', '']) {
    await expect(locateVideo({ type: 'file', path }, rules)).rejects.toMatchObject({ code: 'not_found' });
  }
});

test('an upload is held while it is read, under a name that reveals nothing of its file', async () => {
  const rules = await rulesWith();
  const path = join(rules.uploads.folder, 'a.mp4');
  const coming = rules.uploads.expect({ id: 'a', address: null, announced: 0 });
  coming.keep({ path, bytes: 1, type: null });
  const located = await locateVideo({ type: 'upload', uploadId: 'a' }, rules);
  expect([located.source, located.name]).toEqual([{ type: 'file', path }, 'upload']);
  await rules.uploads.delete('a');
  rules.uploads.expect({ id: 'b', address: null, announced: 0 });
  const another = { id: 'c', address: null, announced: 0 };
  expect(() => rules.uploads.expect(another)).toThrow('already');
  located.release();
  await expect.poll(() => rules.uploads.expect(another)).toBeDefined();
});

test('addresses are for clients on this machine, or for everyone if allowed', async () => {
  const named = { type: 'url', url: 'https://user:secret@example.org/walk.mp4?key=1' } as const;
  await expect(locateVideo(named, await rulesWith())).rejects.toMatchObject({ code: 'unauthorized' });
  for (const rules of [await rulesWith({ allowUrls: true }), await rulesWith({ trusted: true })]) {
    const { source, name, trusted } = await locateVideo(named, rules);
    expect([source, name]).toEqual([named, 'https://example.org/walk.mp4']);
    expect(trusted).toBe(rules.trusted);
  }
});
