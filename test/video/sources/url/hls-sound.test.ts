import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { openVideo } from '../../../../server/video/open-video.js';
import type { FrameStream } from '../../../../server/video/stream.js';
import { ffmpeg, makeClip, makeFile, readIndex } from '../../../support/clips.js';
import { HttpPages, pathOf, sendFile } from '../../../support/http-pages.js';
import { clipOptions, readAll } from '../../../support/open-clip.js';

const clip = makeClip({ frames: 120, rate: '30', container: 'ts' });
const frames = [0, 15, 30, 45, 60, 75, 90, 105];

/** Playlists and segments as ffmpeg writes them: sound beside the pictures, and as a variant of its own. */
const folder = mkdtempSync(join(tmpdir(), 'duet-hls-sound-'));
const shapes = ['ts', 'fmp4'].flatMap((segments) =>
  ['apart', 'variant'].map((shape) => `${shape}-${segments}`),
);

function makeFolder(shape: string): void {
  const [form = '', segments = ''] = shape.split('-');
  const maps = {
    apart: 'a:0,agroup:snd,name:sound v:0,agroup:snd,name:video',
    variant: 'a:0,name:sound v:0,a:1,name:video',
  };
  const streams =
    form === 'apart' ? ['-map', '1:a', '-map', '0:v'] : ['-map', '1:a', '-map', '0:v', '-map', '1:a'];
  const type =
    segments === 'fmp4' ? ['-hls_segment_type', 'fmp4', '-hls_fmp4_init_filename', `${shape}-%v.mp4`] : [];
  const run = spawnSync(
    ffmpeg.path,
    [
      ...[
        '-v',
        'error',
        '-i',
        clip,
        '-f',
        'lavfi',
        '-i',
        'sine=d=4',
        ...streams,
        '-c:v',
        'copy',
        '-c:a',
        'aac',
      ],
      ...['-f', 'hls', '-hls_time', '1', '-hls_playlist_type', 'vod', ...type],
      ...[
        '-var_stream_map',
        maps[form === 'apart' ? 'apart' : 'variant'],
        '-master_pl_name',
        `${shape}.m3u8`,
      ],
      ...['-hls_segment_filename', join(folder, `${shape}-%v-%d.${segments === 'fmp4' ? 'm4s' : 'ts'}`)],
      join(folder, `${shape}-%v.m3u8`),
    ],
    { encoding: 'utf8' },
  );
  if (run.status !== 0) throw new Error(run.stderr);
}

/** Raw AAC behind the tag that gives its time, which is how HLS packs sound without a container. */
function packedSound(): Buffer {
  const aac = readFileSync(makeFile(['-f', 'lavfi', '-i', 'sine=d=4', '-c:a', 'aac'], 'aac'));
  const owner = Buffer.from('com.apple.streaming.transportStreamTimestamp\0');
  const time = Buffer.alloc(8);
  time.writeBigUInt64BE(132_000n);
  const size = owner.length + time.length;
  const frame = Buffer.concat([Buffer.from('PRIV'), Buffer.of(0, 0, 0, size, 0, 0), owner, time]);
  return Buffer.concat([Buffer.from('ID3'), Buffer.of(4, 0, 0, 0, 0, 0, frame.length), frame, aac]);
}

const media = (segment: string, end = '#EXT-X-ENDLIST') =>
  `#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${segment}\n${end}\n`;
const packedFirst = (soundCodecs: string, videoCodecs: string) =>
  `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=60000${soundCodecs}\npacked.m3u8\n` +
  `#EXT-X-STREAM-INF:BANDWIDTH=300000${videoCodecs}\nvideo.m3u8\n`;

const pagesInMemory: Readonly<Record<string, string | Buffer>> = {
  '/clip.ts': readFileSync(clip),
  '/video.m3u8': media('clip.ts'),
  '/packed.aac': packedSound(),
  '/packed.m3u8': media('packed.aac'),
  '/packed-live.m3u8': media('packed.aac', ''),
  '/packed-only.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=60000,CODECS="mp4a.40.2"\npacked.m3u8\n',
  '/packed-first.m3u8': packedFirst(',CODECS="mp4a.40.2"', ',CODECS="avc1.42e00a"'),
  '/packed-first-unsaid.m3u8': packedFirst('', ''),
};

let pages: HttpPages;

beforeAll(async () => {
  for (const shape of shapes) makeFolder(shape);
  pages = await HttpPages.listen((request, response) => {
    const path = pathOf(request);
    const file = join(folder, path.slice(1));
    const bytes = pagesInMemory[path] ?? (existsSync(file) ? readFileSync(file) : undefined);
    if (bytes === undefined) response.writeHead(404).end();
    else sendFile(Buffer.from(bytes))(request, response);
  });
});

afterAll(async () => {
  await pages[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

function open(path: string): Promise<FrameStream> {
  return openVideo({ type: 'url', url: pages.base + path }, { ...clipOptions, sampler: undefined });
}

describe('the pictures are read, whatever sound is beside or before them', () => {
  test.each([
    ...shapes.map((shape) => `/${shape}.m3u8`),
    ...['/packed-first.m3u8', '/packed-first-unsaid.m3u8'],
  ])('%s', async (path) => {
    await using stream = await open(path);
    expect(stream.info).toMatchObject({ live: false, codec: 'h264', width: 64 });
    expect((await readAll(stream)).map(({ picture }) => readIndex(picture))).toEqual(frames);
  });

  test.each(shapes)('%s: sound that is apart is not fetched', async (shape) => {
    const before = pages.asked.length;
    await using stream = await open(`/${shape}.m3u8`);
    await readAll(stream);
    expect(pages.asked.slice(before).filter((path) => path.includes('sound'))).toEqual([]);
  });
});

test.each([
  ...shapes.map((shape) => `/${shape}-sound.m3u8`),
  ...['/packed.m3u8', '/packed-live.m3u8', '/packed-only.m3u8'],
])('%s, which is sound alone, is refused with the reason', async (path) => {
  await expect(open(path)).rejects.toMatchObject({
    code: 'source_failed',
    message: expect.stringContaining(`${pages.base}${path} has no video stream (audio alone, or`) as string,
  });
});
