import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openVideo } from '../../../../server/video/open-video.js';
import type { FrameStream } from '../../../../server/video/stream.js';
import { makeClip, makeFile, readIndex } from '../../../support/clips.js';
import { HttpPages, pathOf, sendFile } from '../../../support/http-pages.js';
import { clipOptions, readAll } from '../../../support/open-clip.js';

const part = readFileSync(makeClip({ frames: 120, rate: '30', container: 'ts' }));
const long = readFileSync(makeClip({ frames: 360, rate: '30', container: 'ts' }));
const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', '-g', '30'];
const fragmented = readFileSync(
  makeClip({
    ...{ frames: 120, rate: '30' },
    output: [...h264, '-movflags', '+frag_keyframe+empty_moov+default_base_moof'],
  }),
);
const firstFragment = fragmented.indexOf('moof') - 4;
const sound = (codec: string, extension: string) =>
  readFileSync(makeFile(['-f', 'lavfi', '-i', 'sine=d=4', '-c:a', codec], extension));

const key = Buffer.alloc(16, 7);
const cipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16));
const secretPart = Buffer.concat([cipher.update(part), cipher.final()]);

const media = (...lines: readonly string[]) =>
  ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:4', '#EXT-X-MEDIA-SEQUENCE:0', ...lines, ''].join(
    '\n',
  );
const whole = (...lines: readonly string[]) => media(...lines, '#EXT-X-ENDLIST');
const audio = (uri: string) =>
  `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",DEFAULT=YES,AUTOSELECT=YES,URI="${uri}"`;
const master = (...lines: readonly string[]) => ['#EXTM3U', '#EXT-X-VERSION:4', ...lines, ''].join('\n');

const playlists: Readonly<Record<string, string | Buffer>> = {
  '/video.m3u8': whole('#EXTINF:4,', 'part.ts'),
  '/aac.m3u8': whole('#EXTINF:4,', 'sound.aac'),
  '/mp3.m3u8': whole('#EXTINF:4,', 'sound.mp3'),
  '/ac3.m3u8': whole('#EXTINF:4,', 'sound.ac3'),
  '/text.m3u8': whole('#EXTINF:4,', 'text.vtt'),
  ...Object.fromEntries(
    ['aac', 'mp3', 'ac3'].map((codec) => [
      `/with-${codec}.m3u8`,
      master(
        audio(`${codec}.m3u8`),
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",URI="text.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=300000,CODECS="avc1.42e00a,mp4a.40.2",' +
          'RESOLUTION=64x64,AUDIO="a",SUBTITLES="s"',
        'video.m3u8',
      ),
    ]),
  ),
  '/sound-first.m3u8': master(
    '#EXT-X-STREAM-INF:BANDWIDTH=60000,CODECS="mp4a.40.2"',
    'aac.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=300000,CODECS="avc1.42e00a,mp4a.40.2"',
    'video.m3u8',
  ),
  '/huge-first.m3u8': master(
    '#EXT-X-STREAM-INF:BANDWIDTH=90000000,RESOLUTION=15360x8640',
    'huge.m3u8',
    '#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=64x64',
    'video.m3u8',
  ),
  '/says-nothing.m3u8': master('#EXT-X-STREAM-INF:BANDWIDTH=300000', 'video.m3u8?a=1&b=2'),
  '/encrypted.m3u8': whole(
    '#EXT-X-KEY:METHOD=AES-128,URI="key.bin",IV=0x' + '0'.repeat(32),
    '#EXTINF:4,',
    'secret.ts',
  ),
  '/fragments.m3u8': whole('#EXT-X-MAP:URI="init.mp4"', '#EXTINF:4,', 'fragments.m4s'),
  '/strange-fragments.m3u8': whole('#EXT-X-MAP:URI="init.bin"', '#EXTINF:4,', 'fragments.bin?x=.mp3'),
  '/ranges.m3u8': whole(
    `#EXT-X-MAP:URI="all.mp4",BYTERANGE="${firstFragment}@0"`,
    '#EXTINF:4,',
    `#EXT-X-BYTERANGE:${fragmented.length - firstFragment}@${firstFragment}`,
    'all.mp4',
  ),
  '/windows.m3u8': `\uFEFF${whole('#EXTINF:4,', 'part.ts')}`.replaceAll('\n', '\r\n'),
  '/deep/down/list.m3u8': whole('#EXTINF:4,', '../../part.ts?token=1'),
  '/packed.m3u8': gzipSync(whole('#EXTINF:4,', 'part.ts')),
  '/strange-name.m3u8': whole('#EXTINF:4,', 'part.jpg'),
  '/event.m3u8': media('#EXT-X-PLAYLIST-TYPE:EVENT', '#EXTINF:12,', 'long.ts'),
  '/live-master.m3u8': master('#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=64x64', 'event.m3u8'),
  '/vod.m3u8': media('#EXT-X-PLAYLIST-TYPE:VOD', '#EXTINF:4,', 'part.ts', '#EXT-X-ENDLIST'),
  '/songs.m3u': '#EXTM3U\n#EXTINF:123,A song\nsong.mp3\n',
  '/no-variant.m3u8': master('#EXT-X-STREAM-INF:BANDWIDTH=1'),
  '/file-variant.m3u8': master('#EXT-X-STREAM-INF:BANDWIDTH=1', 'file:///etc/passwd'),
  '/lost-variant.m3u8': master('#EXT-X-STREAM-INF:BANDWIDTH=1', 'nowhere.m3u8'),
  '/text.vtt': 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n',
};

const files: Readonly<Record<string, Buffer>> = {
  '/part.ts': part,
  '/long.ts': long,
  '/part.jpg': part,
  '/secret.ts': secretPart,
  '/key.bin': key,
  '/init.mp4': fragmented.subarray(0, firstFragment),
  '/init.bin': fragmented.subarray(0, firstFragment),
  '/fragments.bin': fragmented.subarray(firstFragment),
  '/fragments.m4s': fragmented.subarray(firstFragment),
  '/all.mp4': fragmented,
  '/sound.aac': sound('aac', 'aac'),
  '/sound.mp3': sound('libmp3lame', 'mp3'),
  '/sound.ac3': sound('ac3', 'ac3'),
};

let pages: HttpPages;

beforeAll(async () => {
  pages = await HttpPages.listen((request, response) => {
    const path = pathOf(request);
    const file = files[path];
    const list = playlists[path];
    if (file !== undefined) sendFile(file)(request, response);
    else if (list === undefined) response.writeHead(404).end();
    else {
      const type = { 'content-type': 'application/vnd.apple.mpegurl' };
      response
        .writeHead(200, path === '/packed.m3u8' ? { ...type, 'content-encoding': 'gzip' } : type)
        .end(list);
    }
  });
});

afterAll(() => pages[Symbol.asyncDispose]());

function open(path: string): Promise<FrameStream> {
  return openVideo({ type: 'url', url: pages.base + path }, { ...clipOptions, sampler: undefined });
}

test.each([
  ...[
    '/with-aac.m3u8',
    '/with-mp3.m3u8',
    '/with-ac3.m3u8',
    '/sound-first.m3u8',
    '/huge-first.m3u8',
    '/says-nothing.m3u8',
  ],
  ...[
    '/encrypted.m3u8',
    '/fragments.m3u8',
    '/ranges.m3u8',
    '/windows.m3u8',
    '/deep/down/list.m3u8',
    '/packed.m3u8',
  ],
  ...['/strange-name.m3u8', '/strange-fragments.m3u8', '/vod.m3u8', '/video.m3u8'],
])('%s is a recording of 8 frames', async (path) => {
  await using stream = await open(path);
  expect(stream.info).toMatchObject({ live: false, width: 64, codec: 'h264' });
  const frames = await readAll(stream);
  expect(frames.map(({ picture }) => readIndex(picture))).toEqual([0, 15, 30, 45, 60, 75, 90, 105]);
});

test.each(['/event.m3u8', '/live-master.m3u8'])('%s, which has no end, is live', async (path) => {
  await using stream = await open(path);
  expect(stream.info).toMatchObject({ live: true });
});

test('sound and subtitles are not fetched', async () => {
  const before = pages.asked.length;
  await using stream = await open('/with-aac.m3u8');
  await readAll(stream);
  const asked = pages.asked.slice(before);
  expect(asked).toContain('/part.ts');
  expect(asked.filter((path) => /sound|text|aac\.m3u8$/.test(path))).toEqual(['/with-aac.m3u8']);
});

describe('is refused with the reason', () => {
  test.each([
    ['/aac.m3u8', /has no video|sound/],
    ['/mp3.m3u8', /has no video|sound/],
    ['/ac3.m3u8', /has no video|sound/],
    ['/songs.m3u', /is a list of addresses, not an HLS playlist/],
    ['/no-variant.m3u8', /without a media playlist over http/],
    ['/file-variant.m3u8', /without a media playlist over http/],
    ['/lost-variant.m3u8', /^the playlist to which .* leads does not exist on the server \(404\)/],
  ])('%s', async (path, message) => {
    await expect(open(path)).rejects.toMatchObject({
      code: path === '/lost-variant.m3u8' ? 'not_found' : 'source_failed',
      message: expect.stringMatching(message) as string,
    });
  });
});
