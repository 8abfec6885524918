import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startTestServer, temporaryFolder } from '../test-server.js';

const script = 'console.log("a page");\n'.repeat(1000);

async function startWithPage(): Promise<string> {
  const pageFolder = await temporaryFolder();
  await mkdir(join(pageFolder, 'assets'));
  await writeFile(join(pageFolder, 'index.html'), '<title>Duet</title>');
  await writeFile(join(pageFolder, 'overlay.html'), '<title>Overlay</title>');
  await writeFile(join(pageFolder, 'duet-client.js'), script);
  await writeFile(join(pageFolder, 'assets', 'page-abc123.js'), script);
  return (await startTestServer({ pageFolder })).url;
}

/** The raw body: `fetch` would decompress it. */
function get(url: string, encodings: string): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { 'accept-encoding': encodings } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

test.each([
  ['/assets/page-abc123.js', 'public, max-age=31536000, immutable'],
  ['/', 'no-cache'],
  ['/index.html', 'no-cache'],
  ['/overlay', 'no-cache'],
  ['/duet-client.js', 'no-cache'],
])('%s is kept by browsers as %j', async (path, caching) => {
  const response = await fetch((await startWithPage()) + path);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, caching]);
});

test('unchanged files are not sent again', async () => {
  const url = `${await startWithPage()}/duet-client.js`;
  const etag = (await fetch(url)).headers.get('etag') ?? '';
  const status = await new Promise((resolve) => {
    // Not by `fetch`, which asks for no cached answers then.
    request(url, { headers: { 'if-none-match': etag } }, ({ statusCode }) => {
      resolve(statusCode);
    }).end();
  });
  expect(status).toBe(304);
});

test('the page is sent in brotli, gzip or plain, as the browser accepts', async () => {
  const url = `${await startWithPage()}/assets/page-abc123.js`;
  const brotli = await get(url, 'gzip, deflate, br');
  expect([brotli.encoding, brotliDecompressSync(brotli.body).toString()]).toEqual(['br', script]);
  expect(brotli.body.length).toBeLessThan(script.length / 10);
  const gzip = await get(url, 'gzip');
  expect([gzip.encoding, gunzipSync(gzip.body).toString()]).toEqual(['gzip', script]);
  expect(await get(url, 'identity')).toEqual({ encoding: undefined, body: Buffer.from(script) });
});

test.each(['/duet-client.js', '/assets/page-abc123.js', '/sessions'])(
  '%s is not sent in parts, which would be compressed apart',
  async (path) => {
    const answer = await fetch((await startWithPage()) + path, { headers: { range: 'bytes=0-9' } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([200, null]);
  },
);

test('an asset of another build is not found', async () => {
  const response = await fetch(`${await startWithPage()}/assets/page-old.js`);
  expect([response.status, response.headers.get('cache-control')]).toEqual([404, null]);
});
