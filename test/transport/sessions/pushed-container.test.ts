import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { connectDuet } from '../../../client/sdk/connect-duet.js';
import { SampleLibrary } from '../../../server/library/samples.js';
import { encodePictureMessage } from '../../../server/protocol/picture-message.js';
import { sourceOpener, type SourceRules } from '../../../server/transport/sessions/source-opener.js';
import { recordedChunks } from '../../video/sources/pushed/recorded-chunks.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const openSource = sourceOpener({
  ...{ allowRoots: [], allowUrls: false, allowPrivateUrls: false, allowBundledFfmpeg: true, trusted: false },
  ...{ samples: new SampleLibrary('/nowhere'), uploads: {} as unknown as SourceRules['uploads'] },
});

test('the chunks of a recorder are watched as they come; source.end ends them', async () => {
  const { url } = await startTestServer({ openSource });
  await using duet = connectDuet(`${url.replace('http', 'ws')}/v1/duet`, { webSocket: WebSocket });
  await duet.open();
  duet.startSource({ type: 'container', format: 'webm' });
  const seen: string[] = [];
  let frames = 0;
  for await (const event of duet) {
    seen.push(event.type);
    if (event.type === 'source.opened') {
      for (const chunk of recordedChunks('webm')) expect(duet.pushBytes(chunk)).toBe(true);
      duet.endSource();
    }
    if (event.type === 'frame.scored') frames += 1;
    if (event.type === 'source.ended') {
      expect(event).toMatchObject({ reason: 'finished' });
      break;
    }
  }
  expect(frames).toBeGreaterThanOrEqual(7);
  expect(seen).toContain('source.resized');
});

test('a picture is not taken for bytes, nor bytes for a picture; the session goes on', async () => {
  const client = await TestClient.open((await startTestServer({ openSource })).url);
  const picture = encodePictureMessage({ kind: 'encoded', videoTime: 0, bytes: new Uint8Array(9) });
  const bytes = encodePictureMessage({ kind: 'container', bytes: new Uint8Array(9) });
  const wrong = [
    [{ type: 'container', format: 'mp4' }, picture, 'This source takes the bytes of a container'],
    [{ type: 'pictures' }, bytes, 'This source takes pictures'],
  ] as const;
  for (const [source, message, answer] of wrong) {
    client.send({ type: 'source.start', source });
    await client.next('source.opened');
    client.socket.send(message);
    expect((await client.next('error')).message).toContain(answer);
    client.send({ type: 'source.stop' });
    expect(await client.next('source.ended')).toMatchObject({ reason: 'stopped' });
  }
});

test('source.end without anything pushed is refused', async () => {
  const client = await TestClient.open((await startTestServer({ openSource })).url);
  client.send({ type: 'source.end', event_id: 'e' });
  expect(await client.next('error')).toMatchObject({ code: 'invalid_request', client_event_id: 'e' });
});

test.each([
  ['webm', Buffer.alloc(100_000, 65), 'is not a video that ffmpeg can read'],
  ['mp4', Buffer.alloc(0), 'pushed mp4'],
  ['webm', Buffer.concat(recordedChunks('mpegts')), 'is not a video that ffmpeg can read'],
] as const)(
  '%s that is none fails, also after source.end, and the next is watched',
  async (format, sent, why) => {
    const client = await TestClient.open((await startTestServer({ openSource })).url);
    client.send({ type: 'source.start', source: { type: 'container', format } });
    await client.next('source.opened');
    client.socket.send(encodePictureMessage({ kind: 'container', bytes: sent }));
    client.send({ type: 'source.end' });
    expect((await client.next('source.failed')).message).toContain(why);
    expect(client.received.map(({ type }) => type)).not.toContain('source.reconnecting');
    client.send({ type: 'source.start', source: { type: 'container', format: 'webm' } });
    await client.next('source.opened');
    for (const bytes of recordedChunks('webm'))
      client.socket.send(encodePictureMessage({ kind: 'container', bytes }));
    client.send({ type: 'source.end' });
    expect(await client.next('source.ended')).toMatchObject({ reason: 'finished' });
  },
);
