/**
 * Opens addresses whose server drips a byte a second, stalls, answers late or never, sends endless headers,
 * or redirects without end, and prints for each after how many seconds the source was given up, and in which
 * words. At most `limit` seconds each.
 *
 *   npx tsx test/faults/hostile-address.ts [--short] [limit = 60] [path of another build's
 *   dist/server/video/open-video.js]
 *
 * `--short` shortens the patience with pictures from 30 to 3 seconds and leaves out what takes 15 seconds; a
 * build without that setting ignores it.
 */
import { readFileSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type * as video from '../../server/video/open-video.js';
import { makeClip } from '../support/clips.js';
import { HttpPages } from '../support/http-pages.js';

const [limit = '60', build] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const short = process.argv.includes('--short');
const module = build === undefined ? '../../server/video/open-video.js' : pathToFileURL(build).href;
const { openVideo } = (await import(module)) as typeof video;
const stream = readFileSync(makeClip({ frames: 900, rate: '30', container: 'ts' }));
const half = stream.subarray(0, stream.length / 2);

/** Writes something again and again until the reader leaves. */
function again(response: ServerResponse, everyMs: number, what: () => Buffer | string): void {
  const timer = setInterval(() => response.write(what()), everyMs);
  response.on('close', () => {
    clearInterval(timer);
  });
}

const quick: Readonly<Record<string, RequestListener>> = {
  'drips from the start': (_, response) => {
    response.writeHead(200, { 'content-length': stream.length });
    let at = 0;
    again(response, 1000, () => stream.subarray(at, (at += 1)));
  },
  'drips after the first pictures': (_, response) => {
    response.writeHead(200, { 'content-length': stream.length }).write(half);
    let at = half.length;
    again(response, 1000, () => stream.subarray(at, (at += 1)));
  },
  'stalls after the first pictures': (_, response) => {
    response.writeHead(200, { 'content-length': stream.length }).write(half);
  },
  'endless headers': (_, response) => {
    response.socket?.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => response.socket?.write(`X-Filler: ${'x'.repeat(8000)}\r\n`), 1);
    response.socket?.on('close', () => {
      clearInterval(timer);
    });
  },
  'endless redirects': (_, response) => response.writeHead(302, { location: `/${Math.random()}` }).end(),
};
const slow: typeof quick = {
  'never answers': () => undefined,
  'answers and sends nothing': (_, response) => {
    response.writeHead(200, { 'content-type': 'video/mp4' }).flushHeaders();
  },
  'drips a playlist': (_, response) => {
    response.writeHead(200).write('#EXTM3U\n#EXT-X-TARGETDURATION:2\n');
    again(response, 1000, () => '#');
  },
};

for (const [name, listener] of Object.entries(short ? quick : { ...quick, ...slow })) {
  await using pages = await HttpPages.listen(listener);
  const begin = performance.now();
  const said = await Promise.race([
    play(`${pages.base}/video`),
    sleep(Number(limit) * 1000, 'still waiting'),
  ]);
  const seconds = Math.round((performance.now() - begin) / 100) / 10;
  process.stdout.write(`${JSON.stringify({ case: name, seconds, said })}\n`);
}
process.exit(0);

async function play(url: string): Promise<string> {
  try {
    const more = short ? { patienceMs: { first: 3000, later: 3000 } } : {};
    const sampling = { fps: 2, sampler: 'timestamps', side: 64, pacing: 'fast', ...more } as const;
    await using opened = await openVideo({ type: 'url', url }, sampling);
    for await (const { index } of opened) if (index > 10_000) break;
    return `ended (${opened.warnings?.join('; ') ?? ''})`;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}
