import { expect, test } from 'vitest';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { modelByBrightness } from '../../support/duet-session.js';
import type { DuetModel } from '../../../server/runtime/model.js';
import type { OpenSource } from '../../../server/transport/sessions/open-source.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

/** A model whose frames take half a second each, unless asked for otherwise, on its only worker. */
function slowModel(frameMs = 500): DuetModel {
  const workers = [{ contexts: 0, realtime: 0, fast: 0 }];
  return Object.assign(modelByBrightness(), { load: { frameMs, encodedPictures: 0, workers } });
}

/** Sources that play on until they are stopped, in real time unless asked for otherwise. */
function endlessSources({ live = false } = {}) {
  const opened: FakeStream[] = [];
  const open: OpenSource = (_request, { pacing }) => {
    const stream = new FakeStream(endlessFrames(), { live });
    opened.push(stream);
    return Promise.resolve({ stream, name: 'endless', realtime: live || pacing !== 'fast', push: null });
  };
  return { opened, open };
}

async function* endlessFrames() {
  for (const frame of fakeFrames(Array.from({ length: 1000 }, () => 0))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield frame;
  }
}

const start = { type: 'source.start', source: { type: 'sample', name: 'any' } };

test('the first source that would make others late is refused, and fits once another has ended', async () => {
  const { open, opened } = endlessSources();
  const { url } = await startTestServer({ model: slowModel(), openSource: open });
  const [first, second] = [await TestClient.open(url), await TestClient.open(url)];
  first.send({ ...start, fps: 1 });
  await first.next('source.opened');
  second.send({ ...start, event_id: 'second', fps: 1 });
  const busy = await second.next('error');
  expect(busy).toMatchObject({ code: 'busy', retryable: true, client_event_id: 'second' });
  expect(busy.retry_after_ms).toBeGreaterThan(0);
  expect(busy.message).toContain('1 fps at 500 ms a frame with fake do not fit beside them');
  expect(opened).toHaveLength(1);
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { status: 'saturated', realtime_sources: 1 },
  ]);
  first.send({ type: 'source.stop' });
  await first.next('source.ended');
  second.send({ ...start, fps: 1 });
  // The session was kept, and its source may start once there is room.
  await second.next('frame.scored');
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain('duet_sources_admitted_total 2\n');
  expect(metrics).toContain('duet_sources_refused_total 1\n');
});

test('what runs fast is not counted and never refused for load', async () => {
  const { open } = endlessSources();
  const { url } = await startTestServer({ model: slowModel(), openSource: open });
  for (let client = 0; client < 3; client++) {
    const fast = await TestClient.open(url);
    fast.send({ ...start, pacing: 'fast' });
    await fast.next('frame.scored');
  }
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('a live source counts whatever pace was asked for, and is closed again when it is refused', async () => {
  const { open, opened } = endlessSources({ live: true });
  const { url } = await startTestServer({ model: slowModel(), openSource: open });
  const [first, second] = [await TestClient.open(url), await TestClient.open(url)];
  first.send({ ...start, pacing: 'fast', fps: 1 });
  await first.next('frame.scored');
  second.send({ ...start, pacing: 'fast', fps: 1 });
  expect(await second.next('error')).toMatchObject({ code: 'busy' });
  await expect.poll(() => opened[1]?.disposed).toBe(true);
});

test('a question is refused that would make others late, and stands once nothing else plays', async () => {
  const { open } = endlessSources();
  const { url } = await startTestServer({ model: slowModel(100), openSource: open });
  const [first, second] = [await TestClient.open(url), await TestClient.open(url)];
  for (const client of [first, second]) {
    client.send({ ...start, fps: 2 });
    await client.next('source.opened');
  }
  first.send({ type: 'question.add', text: 'A dog?' });
  await first.next('question.added');
  first.send({ type: 'question.add', event_id: 'cow', text: 'A cow?' });
  first.send({ type: 'question.add', event_id: 'bus', text: 'A bus?' });
  expect(await first.next('error')).toMatchObject({ code: 'busy', client_event_id: 'cow', retryable: true });
  second.send({ type: 'source.stop' });
  await second.next('source.ended');
  first.send({ type: 'question.add', event_id: 'again', text: 'A cow?' });
  expect(await first.next('question.added')).toMatchObject({ client_event_id: 'again' });
});
