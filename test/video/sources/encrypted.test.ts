import { readFileSync } from 'node:fs';
import { createCipheriv } from 'node:crypto';

import { expect, test } from 'vitest';

import { openVideo } from '../../../server/video/open-video.js';
import { makeFile, writeFile } from '../../support/clips.js';
import { HttpPages, pathOf, sendFile } from '../../support/http-pages.js';
import { clipOptions, openClip, readAll } from '../../support/open-clip.js';

const pictures = ['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=5:d=2', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
const encryption = [
  ...['-encryption_scheme', 'cenc-aes-ctr', '-encryption_key', '76a6c65c5ea762046bd749a2e632ccbb'],
  ...['-encryption_kid', 'a7e61c373e219033c21091fa607bf3b8'],
];

const encrypted = /is encrypted \(its pictures are marked "encv"\) and cannot be played without its key/;

test.each([
  ['at its end', []],
  ['at its beginning', ['-movflags', 'faststart']],
  ['in front of its fragments', ['-movflags', 'frag_keyframe+empty_moov']],
])('an encrypted MP4 with its index %s is called so', async (_, flags) => {
  const path = makeFile([...pictures, ...encryption, ...flags], 'mp4');
  await expect(openClip(path)).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringMatching(encrypted) as string,
  });
});

test('an encrypted MP4 at an address is called so', async () => {
  const file = readFileSync(makeFile([...pictures, ...encryption, '-movflags', 'faststart'], 'mp4'));
  await using pages = await HttpPages.listen(sendFile(file));
  await expect(openVideo({ type: 'url', url: `${pages.base}/video.mp4` }, clipOptions)).rejects.toThrow(
    encrypted,
  );
});

test('boxes within boxes, or without end, keep nobody busy', async () => {
  const box = (type: string, inner: Buffer) => {
    const header = Buffer.alloc(8);
    header.writeUInt32BE(inner.length + 8);
    header.write(type, 4, 'latin1');
    return Buffer.concat([header, inner]);
  };
  const many = Buffer.concat(Array.from({ length: 100_000 }, () => box('trak', Buffer.alloc(0))));
  let deep: Buffer = Buffer.alloc(0);
  for (let depth = 0; depth < 2000; depth++) deep = box('trak', deep);
  for (const inner of [many, deep]) {
    const path = writeFile(
      'boxes.mp4',
      Buffer.concat([box('ftyp', Buffer.from('isom')), box('moov', inner)]),
    );
    await expect(openClip(path)).rejects.toMatchObject({ code: 'source_failed' });
  }
});

const key = Buffer.alloc(16, 7);
const part = readFileSync(makeFile(pictures, 'ts'));
const cipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16));
const secret = Buffer.concat([cipher.update(part), cipher.final()]);

/** A playlist of one segment, encrypted as such a line says. */
async function openList(keyLines: readonly string[], keyStatus = 200): Promise<number> {
  const lines = ['#EXTM3U', '#EXT-X-TARGETDURATION:2', '#EXT-X-MEDIA-SEQUENCE:0', ...keyLines];
  const list = [...lines, '#EXTINF:2,', 'secret.ts', '#EXT-X-ENDLIST', ''].join('\n');
  const files = new Map([
    ['/list.m3u8', Buffer.from(list)],
    ['/secret.ts', secret],
    ['/key', key],
  ]);
  await using pages = await HttpPages.listen((request, response) => {
    const path = pathOf(request);
    if (path === '/key' && keyStatus !== 200) response.writeHead(keyStatus).end('no');
    else sendFile(files.get(path) ?? Buffer.alloc(0))(request, response);
  });
  await using stream = await openVideo({ type: 'url', url: `${pages.base}/list.m3u8` }, clipOptions);
  return (await readAll(stream)).length;
}

const aes = `#EXT-X-KEY:METHOD=AES-128,URI="key",IV=0x${'0'.repeat(32)}`;
const fairPlay =
  '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://licence",KEYFORMAT="com.apple.streamingkeydelivery",KEYFORMATVERSIONS="1"';

test('a playlist whose key is given plays, also beside one for players with a licence', async () => {
  expect(await openList([aes])).toBeGreaterThan(0);
  expect(await openList([fairPlay, aes])).toBeGreaterThan(0);
});

test.each<[number, string, RegExp]>([
  [404, 'not_found', /the key with which .*list.m3u8 is encrypted does not exist on the server \(404\)/],
  [
    403,
    'source_failed',
    /the key with which .*list.m3u8 is encrypted cannot be fetched: .* forbids it \(403\)/,
  ],
])('a playlist whose key is refused with %d says so', async (status, code, message) => {
  await expect(openList([aes], status)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  });
});

test('a playlist for players with a licence alone is called encrypted', async () => {
  await expect(openList([fairPlay])).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringMatching(
      /is encrypted \(SAMPLE-AES, com.apple.streamingkeydelivery\) for players with a licence/,
    ) as string,
  });
});
