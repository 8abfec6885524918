import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

import { describe, expect, test } from 'vitest';

import { cameraPictures, jpegsOf } from '../../../../server/video/sources/url/camera-pictures.js';
import { openVideo } from '../../../../server/video/open-video.js';
import { makeClip, makeFile, readIndex } from '../../../support/clips.js';
import { HttpPages } from '../../../support/http-pages.js';
import { clipOptions } from '../../../support/open-clip.js';

/** JPEGs that carry their own number. */
const jpegs = Array.from({ length: 40 }, (_, i) =>
  readFileSync(
    makeFile(
      [
        '-i',
        makeClip({ frames: 60, rate: '30' }),
        '-vf',
        `select=eq(n\\,${i})`,
        '-frames:v',
        '1',
        '-q:v',
        '2',
      ],
      'jpg',
    ),
  ),
);

interface Shape {
  readonly type: string;
  readonly before: (jpeg: Buffer) => string;
  readonly after: string;
}

const shapes: Readonly<Record<string, Shape>> = {
  'an ESP32-CAM': {
    type: 'multipart/x-mixed-replace;boundary=123456789000000000000987654321',
    before: ({ length }) =>
      `\r\n--123456789000000000000987654321\r\nContent-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`,
    after: '',
  },
  'parts without a length': {
    type: 'multipart/x-mixed-replace; boundary=frame',
    before: () => '--frame\r\nContent-Type: image/jpeg\r\n\r\n',
    after: '\r\n',
  },
  'a boundary that has dashes of its own': {
    type: 'multipart/x-mixed-replace; boundary=--myboundary',
    before: ({ length }) => `--myboundary\r\nContent-Type: image/jpeg\r\nContent-Length: ${length}\r\n\r\n`,
    after: '\r\n',
  },
  'a boundary in quotes, lines without carriage returns': {
    type: 'multipart/x-mixed-replace; boundary="a b=c"',
    before: () => '--a b=c\nContent-type: image/jpeg\n\n',
    after: '\n',
  },
  'another content type': {
    type: 'application/octet-stream',
    before: ({ length }) =>
      `--ipcam\r\nContent-Type: image/jpeg\r\nContent-length: ${length}\r\nX-Time: 1\r\n\r\n`,
    after: '\r\n',
  },
};

function send(response: ServerResponse, { type, before, after }: Shape): void {
  response.writeHead(200, { 'content-type': type });
  let next = 0;
  const timer = setInterval(() => {
    const jpeg = jpegs[next];
    if (jpeg === undefined) {
      clearInterval(timer);
      response.end();
      return;
    }
    response.write(Buffer.concat([Buffer.from(before(jpeg)), jpeg, Buffer.from(after)]));
    next += 1;
  }, 100);
  response.on('close', () => {
    clearInterval(timer);
  });
}

describe('a network camera is a live video, whatever its stream looks like', () => {
  test.each(Object.keys(shapes))('%s', async (name) => {
    await using pages = await HttpPages.listen((_, response) => {
      const shape = shapes[name];
      if (shape !== undefined) send(response, shape);
    });
    await using stream = await openVideo(
      { type: 'url', url: `${pages.base}/cam` },
      { ...clipOptions, fps: 4 },
    );
    expect(stream.info).toMatchObject({ live: true, duration: null, codec: 'mjpeg', width: 64, height: 64 });
    const seen: number[] = [];
    const times: number[] = [];
    for await (const { picture, videoTime, index } of stream) {
      seen.push(readIndex(picture));
      times.push(videoTime);
      if (index === 5) break;
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBe(seen.length);
    // Times are those of arrival: 100 ms per picture, and at least one tick of 250 ms from frame to frame.
    expect(times.at(-1)).toBeGreaterThan(0.9);
    expect(times.at(-1)).toBeLessThan(4);
  });
});

describe('the pictures of a multipart body', () => {
  async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size)
      yield await Promise.resolve(bytes.subarray(at, at + size));
  }

  test.each(Object.entries(shapes))('%s, cut anywhere', async (_, { before, after }) => {
    const parts = jpegs.slice(0, 3).flatMap((jpeg) => [Buffer.from(before(jpeg)), jpeg, Buffer.from(after)]);
    const body = Buffer.concat([...parts, Buffer.from(before(Buffer.alloc(0)))]);
    for (const size of [1, 7, 1000, body.length]) {
      const found: Buffer[] = [];
      for await (const jpeg of jpegsOf('camera', inChunks(body, size))) found.push(jpeg);
      expect(found.map((jpeg) => jpeg.equals(jpegs[found.indexOf(jpeg)] ?? Buffer.alloc(0)))).toEqual([
        true,
        true,
        true,
      ]);
    }
  });

  test('parts that are no pictures are left out', async () => {
    const text = '--b\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello\r\n';
    const body = Buffer.concat([
      Buffer.from(text),
      Buffer.from('--b\r\n\r\n'),
      ...jpegs.slice(0, 1),
      Buffer.from('\r\n--b--\r\n'),
    ]);
    const found: Buffer[] = [];
    for await (const jpeg of jpegsOf('camera', inChunks(body, 9))) found.push(jpeg);
    expect(found).toHaveLength(1);
  });

  test('a part without an end is not kept forever', async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from('--b\r\nContent-Type: image/jpeg\r\n\r\n');
      for (;;) yield await Promise.resolve(Buffer.alloc(1024 * 1024, 1));
    }
    const reading = (async () => {
      for await (const part of cameraPictures('the camera', endless())) expect(part).toBeUndefined();
    })();
    await expect(reading).rejects.toThrow('the camera sends a part of more than 16 MiB');
  });
});
