import { expect, test } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import { modelByBrightness } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { heldVideo } from '../held-video.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

/** With this threshold the assistant speaks after every picture. */
const always = { policy: { type: 'threshold', threshold: 0.05 } };
const never = { policy: { type: 'threshold', threshold: 0.95 } };
const start = { type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' };
const shortVideo = (): FakeStream => new FakeStream(fakeFrames([10, 20]));

test('a text while the source is paused is answered at the moment where it stands', async () => {
  const { stream } = heldVideo();
  const client = await TestClient.open((await startTestServer({ stream: () => stream })).url, always);
  client.send(start);
  await client.next('response.done');
  client.send({ type: 'source.pause' });
  client.send({ type: 'user.text', event_id: 'q', text: 'What is there?' });
  expect(await client.next('user.text.inserted')).toMatchObject({ client_event_id: 'q', video_time: 0 });
  expect(await client.next('frame.scored')).toMatchObject({ frame_index: 0, fired: true });
  expect(await client.next('response.done')).toMatchObject({ status: 'completed', video_time: 0 });
});

test('a text that waits when the source is paused is answered then', async () => {
  const { stream } = heldVideo();
  const client = await TestClient.open((await startTestServer({ stream: () => stream })).url, never);
  client.send(start);
  await client.next('frame.scored');
  client.send({ type: 'user.text', text: 'What is there?' });
  client.send({ type: 'source.pause' });
  await client.next('user.text.inserted');
  expect(await client.next('frame.scored')).toMatchObject({ reason: 'score_not_above_threshold' });
});

test('a text after the end of the source is answered, again and again', async () => {
  const client = await TestClient.open((await startTestServer({ stream: shortVideo })).url, always);
  client.send(start);
  expect(await client.next('source.ended')).toMatchObject({ waiting_texts: 0 });
  for (const text of ['What was there?', 'And before?']) {
    client.send({ type: 'user.text', text });
    expect(await client.next('user.text.inserted')).toMatchObject({ text, video_time: 0.5 });
    expect(await client.next('response.done')).toMatchObject({ status: 'completed', video_time: 0.5 });
  }
});

test('a text for a moment is refused after the end, and taken once the next source is started', async () => {
  const client = await TestClient.open((await startTestServer({ stream: shortVideo })).url, always);
  client.send(start);
  await client.next('source.ended');
  const timed = { type: 'user.text', event_id: 'late', text: 'Now?', video_time: 0.4 };
  client.send(timed);
  expect(await client.next('error')).toMatchObject({
    code: 'invalid_request',
    client_event_id: 'late',
    message:
      'The video has ended, so 0.4 s will not come: ' +
      'leave video_time out, or send the text after source.start',
  });
  client.send(start);
  client.send(timed);
  expect(await client.next('user.text.inserted')).toMatchObject({ video_time: 0.5, requested_time: 0.4 });
});

test('a text that comes before the first source waits for its first frame', async () => {
  const client = await TestClient.open((await startTestServer({ stream: shortVideo })).url, always);
  client.send({ type: 'user.text', text: 'What is there?' });
  client.send(start);
  await client.next('source.opened');
  expect(await client.next('user.text.inserted')).toMatchObject({ video_time: 0 });
});

test('a text that the model refuses is answered by its event, and neither source nor session ends', async () => {
  const model = modelByBrightness({
    before: (call) => {
      if (call.type === 'user' && call.text === 'rude') throw new DuetError('unsupported', 'not so');
    },
  });
  const client = await TestClient.open((await startTestServer({ model, stream: shortVideo })).url, always);
  client.send({ type: 'user.text', event_id: 'r', text: 'rude' });
  client.send(start);
  expect(await client.next('user.text.refused')).toMatchObject({
    ...{ client_event_id: 'r', question_id: null, text: 'rude', code: 'unsupported', message: 'not so' },
  });
  expect(await client.next('source.ended')).toMatchObject({ frames: 2, reason: 'finished' });
  client.send({ type: 'user.text', event_id: 'k', text: 'kind' });
  expect(await client.next('user.text.inserted')).toMatchObject({ client_event_id: 'k' });
});
