import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { uploadKind } from '../../server/library/upload-kind.js';

const kitchen = await readFile(new URL('../../samples/clips/kitchen.mp4', import.meta.url));
const unknown = Buffer.from('neither a video nor anything else that is known');
const png = Buffer.from('89504e470d0a1a0a0000000d494844520000000100000001080600000000000000', 'hex');

test.each([
  ['a video without an ending', kitchen, 'kitchen', { ending: '.mp4', type: 'video/mp4' }],
  ['a video under a false name', kitchen, 'kitchen.txt', { ending: '.mp4', type: 'video/mp4' }],
  ['a stream without a signature, by its name', unknown, 'cam.H264', { ending: '.h264', type: null }],
  ['a picture that ffmpeg reads', png, 'shot', { ending: '.png', type: 'image/png' }],
])('%s is a video', async (_what, head, name, kind) => {
  expect(await uploadKind(head, name)).toEqual(kind);
});

test.each([
  ['an empty file', Buffer.alloc(0), 'a.mp4', 'invalid_request', 'is empty'],
  ['text', unknown, 'notes.txt', 'unsupported', 'not a video, by name or by content'],
  ['sound', Buffer.from('fLaC'.padEnd(64)), 'song.flac', 'unsupported', 'holds sound only (flac)'],
  ['a document', Buffer.from('%PDF-1.7\n'), 'paper.pdf', 'unsupported', 'something else (pdf)'],
])('%s is refused and named', async (_what, head, name, code, words) => {
  await expect(uploadKind(head, name)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words) as string,
  });
});

test('only a known extension is taken from a name', async () => {
  const { ending } = await uploadKind(kitchen, '../../etc/passwd; rm -rf.MP4');
  expect(ending).toBe('.mp4');
});
