import { expect, test } from 'vitest';
import { openStore } from '../../records/recorded-session.js';
import { modelByBrightness } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { heldVideo } from '../held-video.js';
import { TestClient } from '../test-client.js';
import { startTestServer, temporaryFolder, type TestServerOptions } from '../test-server.js';

const start = { type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'fast' };

async function sharedSession(options: TestServerOptions = {}) {
  const server = await startTestServer(options);
  const controller = await TestClient.open(server.url);
  controller.send({ type: 'session.share', event_id: 's' });
  const { token, client_event_id } = await controller.next('session.shared');
  expect(client_event_id).toBe('s');
  return { url: server.url, server, controller, token };
}

async function follow(url: string, token: string, fields: object = {}) {
  const follower = await TestClient.connect(url);
  follower.send({ type: 'session.follow', token, ...fields });
  return { follower, following: await follower.next('session.following') };
}

test('followers see what happens, decoded and scored once, and control nothing', async () => {
  const model = modelByBrightness();
  const { stream, release } = heldVideo();
  const { url, controller, token } = await sharedSession({ model, stream: () => stream });
  const followers = await Promise.all([1, 2, 3].map(() => follow(url, token)));
  controller.send(start);
  await controller.next('frame.scored');
  followers[0]?.follower.send({ type: 'source.stop' });
  expect(await followers[0]?.follower.next('error')).toMatchObject({ code: 'invalid_request' });
  release();
  await controller.next('source.ended');
  for (const { follower } of followers) {
    await follower.next('source.ended');
    expect(follower.seqs).toEqual(controller.seqs.slice(1));
  }
  expect(model.heard.filter(({ type }) => type === 'frames').length).toBeLessThanOrEqual(3);
  expect(stream.delivered).toBe(3);
});

test('one who comes late gets what was said and where it stands; after_seq 0 brings everything', async () => {
  const { url, controller, token } = await sharedSession({
    stream: () => new FakeStream(fakeFrames([10, 90])),
  });
  controller.send({ type: 'user.text', text: 'What is it?' });
  controller.send(start);
  await controller.next('source.ended');
  const { follower, following } = await follow(url, token);
  expect(following).toMatchObject({
    ...{ status: 'open', model: 'fake', video_time: 0.5, after_seq: controller.seqs.at(-1) },
    transcript: [
      { role: 'user', text: 'What is it?' },
      { role: 'assistant', text: 'reply 0', status: 'completed' },
    ],
  });
  controller.send({ type: 'session.update', settings: { cooldown: 1 } });
  await follower.next('session.updated');
  expect(follower.seqs).toEqual([controller.seqs.at(-1)]);
  const all = await follow(url, token, { after_seq: 0 });
  await all.follower.next('session.updated');
  expect(all.follower.seqs).toEqual(controller.seqs);
});

test('the id of the session, which is the key to it, is nowhere in what a follower gets', async () => {
  const folder = await temporaryFolder();
  const { url, controller, token } = await sharedSession({ records: await openStore(folder) });
  const { follower } = await follow(url, token, { after_seq: 0 });
  await follower.next('session.opened');
  const read = await Promise.all(
    ['', '/events', '/transcript'].map(async (path) =>
      (await fetch(`${url}/v1/sessions/${token}${path}`)).text(),
    ),
  );
  const everything = JSON.stringify([follower.received, read]);
  expect(everything).toContain('followed-');
  expect(everything).not.toContain(controller.sessionId);
  expect((await fetch(`${url}/v1/sessions/${token}`, { method: 'DELETE' })).status).toBe(404);
  const thief = await TestClient.connect(url);
  thief.send({ type: 'session.resume', session_id: token });
  expect((await thief.next('error')).code).toBe('not_found');
});

test('tokens that are taken back open nothing, and those who follow are disconnected', async () => {
  const { url, controller, token } = await sharedSession();
  const { follower } = await follow(url, token);
  controller.send({ type: 'session.unshare', event_id: 'u' });
  expect(await controller.next('session.unshared')).toMatchObject({ client_event_id: 'u' });
  expect((await follower.closed).code).toBe(1008);
  const late = await TestClient.connect(url);
  late.send({ type: 'session.follow', token });
  expect((await late.next('error')).code).toBe('not_found');
});

test('so many may follow, and one more is told to come later', async () => {
  const { url, token } = await sharedSession({ limits: { maxFollowers: 2 } });
  await follow(url, token);
  const { follower } = await follow(url, token);
  const one = await TestClient.connect(url);
  one.send({ type: 'session.follow', token });
  expect((await one.next('error')).code).toBe('busy');
  expect((await one.closed).code).toBe(1013);
  follower.socket.terminate();
  await expect
    .poll(() =>
      follow(url, token).then(
        ({ following }) => following.status,
        () => null,
      ),
    )
    .toBe('open');
});

test('a session has a limited number of tokens', async () => {
  const { controller } = await sharedSession();
  for (let count = 1; count < 64; count += 1) controller.send({ type: 'session.share' });
  controller.send({ type: 'session.share', event_id: 'last' });
  expect(await controller.next('error')).toMatchObject({ code: 'invalid_request', client_event_id: 'last' });
});

test('an ended session can be followed to its end, also after a restart', async () => {
  const folder = await temporaryFolder();
  const first = await sharedSession({ records: await openStore(folder) });
  first.controller.send({ type: 'session.close' });
  await first.controller.closed;
  await first.server.close();
  const second = await startTestServer({ records: await openStore(folder) });
  const { follower, following } = await follow(second.url, first.token, { after_seq: 0 });
  expect(following.status).toBe('ended');
  expect((await follower.closed).code).toBe(1000);
  expect(follower.seqs).toEqual(first.controller.seqs);
});

test('a follower that does not read holds nobody up, and is disconnected in the end', async () => {
  const { url, controller, token } = await sharedSession({
    stream: () => new FakeStream(fakeFrames(Array.from({ length: 20_000 }, () => 1))),
    limits: { maxLag: 500, stalledAfterMs: 50 },
  });
  const { follower } = await follow(url, token);
  follower.socket.pause();
  controller.send(start);
  expect(await controller.next('source.ended')).toMatchObject({ frames: 20_000, dropped_frames: 0 });
  const { follower: quick } = await follow(url, token);
  controller.send({ type: 'session.update', settings: {} });
  await quick.next('session.updated');
});
