import { expect, test, vi } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import { alreadyLoaded, ModelRegistry, type AvailableModel } from '../../../server/runtime/model-registry.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const scripted = (name: string) => new ScriptedModel({ capabilities: { name } });

/** A model that loads only when the test completes or fails it. */
function heldModel(name: string) {
  const model = scripted(name);
  const settle: { load: () => void; fail: (error: Error) => void } = {
    load: () => undefined,
    fail: () => undefined,
  };
  const load = vi.fn(
    () =>
      new Promise<ScriptedModel>((resolve, reject) => {
        settle.load = () => {
          resolve(model);
        };
        settle.fail = reject;
      }),
  );
  const available: AvailableModel = { ...alreadyLoaded(model), load };
  return { available, load, settle };
}

test('a client chooses one of several models by name, and gets the first by default', async () => {
  const models = new ModelRegistry(['small', 'large'].map((name) => alreadyLoaded(scripted(name))));
  const { url } = await startTestServer({ models });
  for (const [asked, given] of [
    [{}, 'small'],
    [{ model: 'large' }, 'large'],
    [{ model: 'small' }, 'small'],
  ] as const) {
    const client = await TestClient.connect(url);
    client.send({ type: 'session.open', ...asked });
    expect(await client.next('session.opened')).toMatchObject({ model: given });
  }
  const stranger = await TestClient.connect(url);
  stranger.send({ type: 'session.open', event_id: 'o', model: 'medium' });
  expect(await stranger.next('error')).toMatchObject({
    code: 'not_found',
    message: 'No model medium is loaded here: leave it out, or ask for small or large',
    client_event_id: 'o',
  });
  stranger.send({ type: 'session.open' });
  await stranger.next('session.opened');
});

test('every model is listed, the default first, even before it is loaded', async () => {
  const held = heldModel('large');
  const models = new ModelRegistry([alreadyLoaded(scripted('small')), held.available]);
  const { url } = await startTestServer({ models });
  const listed = (await (await fetch(`${url}/v1/models`)).json()) as object;
  expect(listed).toEqual({
    data: ['small', 'large'].map((name) => ({
      ...{ name, version: '1', description: 'follows a script', precision: 'fp32', tasks: ['default'] },
      ...{ footage: 'real', languages: null, sees: {}, suggestions: {}, remote: null },
    })),
  });
});

test('a client may wait for a model longer than the idle limit, while others are served', async () => {
  const held = heldModel('large');
  const models = new ModelRegistry([alreadyLoaded(scripted('small')), held.available]);
  const { url } = await startTestServer({ models, limits: { openWithinMs: 300 } });
  const waiting = await TestClient.connect(url);
  waiting.send({ type: 'session.open', model: 'large' });
  const other = await TestClient.open(url);
  expect(other.received).toMatchObject([{ type: 'session.opened', model: 'small' }]);
  await new Promise((resolve) => setTimeout(resolve, 700));
  held.settle.load();
  expect(await waiting.next('session.opened')).toMatchObject({ model: 'large' });
});

test('a model that cannot be loaded is reported to its clients, and the server continues', async () => {
  const held = heldModel('large');
  const models = new ModelRegistry([alreadyLoaded(scripted('small')), held.available]);
  const { url } = await startTestServer({ models });
  const asking = await Promise.all([TestClient.connect(url), TestClient.connect(url)]);
  for (const client of asking) client.send({ type: 'session.open', model: 'large' });
  await expect.poll(() => held.load.mock.calls.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  held.settle.fail(
    new DuetError('model_failed', 'decoder.onnx was altered: build or download the model again'),
  );
  for (const client of asking) {
    expect(await client.next('error')).toMatchObject({
      code: 'model_failed',
      message: 'decoder.onnx was altered: build or download the model again',
    });
    expect((await client.closed).code).toBe(1011);
  }
  await TestClient.open(url);
});
