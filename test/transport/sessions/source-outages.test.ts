import { readFileSync } from 'node:fs';

import { expect, onTestFinished, test } from 'vitest';

import { SampleLibrary } from '../../../server/library/samples.js';
import { sourceOpener, type SourceRules } from '../../../server/transport/sessions/source-opener.js';
import { DecoderPlaces } from '../../../server/video/ffmpeg/decoder-places.js';
import { makeFile } from '../../support/clips.js';
import { HttpPages } from '../../support/http-pages.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const jpeg = readFileSync(
  makeFile(['-f', 'lavfi', '-i', 'testsrc=s=64x64', '-frames:v', '1', '-q:v', '9'], 'jpg'),
);

/** A camera that can be taken away and brought back. */
class Camera {
  asked = 0;
  isThere = true;
  pages: HttpPages | undefined;

  static async start(): Promise<Camera> {
    const camera = new Camera();
    const pages = await HttpPages.listen((_request, response) => {
      camera.asked += 1;
      if (!camera.isThere) {
        response.socket?.destroy();
        return;
      }
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' });
      const timer = setInterval(() => {
        if (!camera.isThere) response.destroy();
        const head = `--b\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
        response.write(Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]));
      }, 100);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    onTestFinished(() => pages[Symbol.asyncDispose]());
    camera.pages = pages;
    return camera;
  }

  get url(): string {
    return `${this.pages?.base ?? ''}/camera`;
  }
}

/** A session whose camera has just gone: its next attempt is awaited. */
async function sessionInBackOff(): Promise<{ readonly client: TestClient; readonly camera: Camera }> {
  const camera = await Camera.start();
  const openSource = sourceOpener({
    ...{ allowRoots: [], allowUrls: false, allowPrivateUrls: false, allowBundledFfmpeg: true, trusted: true },
    ...{ places: new DecoderPlaces(2), samples: new SampleLibrary('/nowhere') },
    uploads: { get: () => ({ path: '/nowhere' }) } as unknown as SourceRules['uploads'],
  });
  const client = await TestClient.open((await startTestServer({ openSource })).url, { fps: 4 });
  client.send({ type: 'source.start', source: { type: 'url', url: camera.url } });
  await client.next('source.opened');
  await client.next('frame.scored');
  camera.isThere = false;
  await client.next('source.reconnecting');
  return { client, camera };
}

/** The frames that were scored so far. */
function framesOf(client: TestClient): number {
  return client.received.filter(({ type }) => type === 'frame.scored').length;
}

/** Waits for the answer to what was sent, and a second longer. */
async function settled(client: TestClient): Promise<void> {
  client.send({ type: 'ping' });
  await client.next('pong');
  await new Promise((resolve) => setTimeout(resolve, 1000));
}

test('a pause between two attempts holds the pictures of the next connection until it is resumed', async () => {
  const { client, camera } = await sessionInBackOff();
  client.send({ type: 'source.pause' });
  camera.isThere = true;
  await client.next('source.reopened');
  await settled(client);
  const before = framesOf(client);
  await settled(client);
  expect(framesOf(client)).toBe(before);
  client.send({ type: 'source.resume' });
  await client.next('frame.scored');
  client.send({ type: 'source.stop' });
  await client.next('source.ended');
  expect(client.received.filter(({ type }) => type === 'error' || type === 'source.failed')).toEqual([]);
}, 60_000);

test('a pause that is resumed between two attempts leaves nothing behind', async () => {
  const { client, camera } = await sessionInBackOff();
  client.send({ type: 'source.pause' });
  client.send({ type: 'source.resume' });
  camera.isThere = true;
  await client.next('source.reopened');
  await client.next('frame.scored');
}, 60_000);

test('a stop between two attempts ends the source at once, and nobody asks for it any more', async () => {
  const { client, camera } = await sessionInBackOff();
  // The delays of the fourth attempt and later are longer than this test waits.
  for (let attempt = 2; attempt <= 4; attempt += 1) await client.next('source.reconnecting');
  const { asked } = camera;
  const began = performance.now();
  client.send({ type: 'source.stop' });
  await client.next('source.ended');
  expect(performance.now() - began).toBeLessThan(1000);
  camera.isThere = true;
  await new Promise((resolve) => setTimeout(resolve, 6000));
  expect(camera.asked).toBe(asked);
  client.send({ type: 'source.start', source: { type: 'url', url: camera.url } });
  await client.next('source.opened');
  await client.next('frame.scored');
}, 60_000);
