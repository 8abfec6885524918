import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SampleLibrary } from '../../../../server/library/samples.js';
import { startTestServer, temporaryFolder } from '../../test-server.js';

/** Serves a clip of these bytes; returns its address and its file. */
async function clipOf(bytes: string): Promise<{ url: string; path: string }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'clips', 'garden.mp4');
  await mkdir(join(folder, 'clips'));
  await writeFile(path, bytes);
  const { url } = await startTestServer({ samples: new SampleLibrary(folder) });
  return { url: `${url}/v1/samples/garden`, path };
}

async function part(url: string, headers: HeadersInit): Promise<readonly unknown[]> {
  const answer = await fetch(url, { headers });
  return [answer.status, answer.headers.get('content-range'), await answer.text()];
}

const whole = [200, null, '0123456789'];
const from = (first: number, last: number): readonly unknown[] => [
  ...[206, `bytes ${first}-${last}/10`],
  '0123456789'.slice(first, last + 1),
];

test.each([
  ['bytes=2-4', from(2, 4)],
  ['bytes=7-', from(7, 9)],
  ['bytes=7-99999999999999999999999', from(7, 9)],
  ['bytes=-3', from(7, 9)],
  ['bytes=-10', from(0, 9)],
  ['bytes=-11', from(0, 9)],
  ['bytes=-99999999999999999999999', from(0, 9)],
  ['Bytes=2-4', from(2, 4)],
  ['bytes= 2-4 ,', from(2, 4)],
  ['bytes=2-4,5-6', from(2, 6)],
  ['bytes=2-4,-11', from(0, 9)],
  ['bytes=2-4,20-30', from(2, 4)],
  ['bytes=0-1,4-5', whole],
  ['bytes=5-2', whole],
  ['bytes=2-4,5-2', whole],
  ['bytes=-', whole],
  ['bytes=', whole],
  ['bytes=2 - 4', whole],
  ['bytes=2-4-6', whole],
  ['items=2-4', whole],
])('Range: %s of ten bytes is answered with %j', async (range, answer) => {
  const { url } = await clipOf('0123456789');
  expect(await part(url, { range })).toEqual(answer);
});

test.each(['bytes=10-', 'bytes=-0', 'bytes=99999999999999999999999-'])(
  'Range: %s of ten bytes names no part of them',
  async (range) => {
    const { url } = await clipOf('0123456789');
    const answer = await fetch(url, { headers: { range } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    const message = 'The file has no such part: ask for one that begins before its end';
    expect(await answer.json()).toEqual({ error: { code: 'invalid_request', message } });
    const about = ['content-type', 'cache-control', 'last-modified', 'accept-ranges'];
    const described = about.map((name) => answer.headers.get(name));
    expect(described).toEqual(['application/json; charset=utf-8', null, null, null]);
  },
);

test.each(['bytes=0-', 'bytes=-5'])(
  'Range: %s of an empty file is answered with all of it',
  async (range) => {
    const { url } = await clipOf('');
    expect(await part(url, { range })).toEqual([200, null, '']);
  },
);

test('a part is sent only if the file is still the one that If-Range names', async () => {
  const { url, path } = await clipOf('0123456789');
  const tag = (await fetch(url)).headers.get('etag') ?? '';
  const time = (await stat(path)).mtime;
  const range = 'bytes=2-4';
  expect(tag).toMatch(/^"/);
  for (const same of [tag, time.toUTCString()]) {
    expect(await part(url, { range, 'if-range': same })).toEqual(from(2, 4));
  }
  const later = new Date(time.getTime() + 60_000).toUTCString();
  for (const other of ['"another"', `W/${tag}`, `"another", ${tag}`, later, 'soon']) {
    expect(await part(url, { range, 'if-range': other })).toEqual(whole);
  }
});

test('only GET is answered with a part', async () => {
  const { url } = await clipOf('0123456789');
  const head = await fetch(url, { method: 'HEAD', headers: { range: 'bytes=2-4' } });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
});
