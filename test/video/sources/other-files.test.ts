import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { makeFile, writeFile } from '../../support/clips.js';
import { openClip } from '../../support/open-clip.js';

function sound(extension: string): string {
  return makeFile(['-f', 'lavfi', '-i', 'sine=d=1'], extension);
}

test.each<readonly [name: string, make: () => string, code: string, message: RegExp]>([
  ['an MP3', () => sound('mp3'), 'source_failed', /has no video stream \(audio alone, or a cover picture\)/],
  ['a WAV', () => sound('wav'), 'source_failed', /has no video stream/],
  ['a FLAC', () => sound('flac'), 'source_failed', /has no video stream/],
  ['an AAC stream', () => sound('aac'), 'source_failed', /has no video stream/],
  [
    'an MP3 called a video',
    () => writeFile('song.mp4', readFileSync(sound('mp3'))),
    'source_failed',
    /has no video stream/,
  ],
  [
    'a PDF',
    () => writeFile('paper.pdf', `%PDF-1.7\n${'1 0 obj << /Type /Page >> endobj\n'.repeat(200)}`),
    'source_failed',
    /not a video but a PDF document; give the video file itself/,
  ],
  [
    'a PDF called a video',
    () => writeFile('paper.mp4', '%PDF-1.4\n1 0 obj\n'),
    'source_failed',
    /not a video but a PDF/,
  ],
  [
    'a plain text',
    () => writeFile('notes.txt', 'Überall Wörter.\n'.repeat(900)),
    'source_failed',
    /but a text/,
  ],
  ['an archive', () => writeFile('a.zip', 'PK\x03\x04\x14\0\0\0'), 'source_failed', /but a ZIP archive/],
  [
    'subtitles',
    () => writeFile('subs.mkv', '1\n00:00:01,000 --> 00:00:02,000\nhello\n\n'),
    'source_failed',
    /holds subtitles/,
  ],
  [
    'a picture in a format of scanners',
    () => makeFile(['-f', 'lavfi', '-i', 'color=red:s=64x64', '-frames:v', '1'], 'tiff'),
    'source_failed',
    /a picture of a kind that is not accepted; convert it to PNG/,
  ],
  [
    'a playlist',
    () => writeFile('list.m3u8', '#EXTM3U\n#EXTINF:2,\na.ts\n'),
    'source_failed',
    /but a playlist/,
  ],
  [
    'a playlist called a video',
    () => writeFile('list.mp4', 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n'),
    'source_failed',
    /is a playlist: it names other files|not a complete video/,
  ],
  [
    'an animated WebP',
    () =>
      makeFile(
        ['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=5:d=1', '-c:v', 'libwebp_anim', '-loop', '0'],
        'webp',
      ),
    'source_failed',
    /is an animated WebP, which this ffmpeg does not read.*convert it to MP4, WebM or GIF/,
  ],
])('%s given as a video is named in the error', async (_, make, code, message) => {
  const path = make();
  await expect(openClip(path)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
  });
  await expect(openClip(path)).rejects.toThrow(path);
});
