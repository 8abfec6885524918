import { expect, test } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import { modelByBrightness } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

test('a source whose model is lost, as when its worker crashes, does not stay booked', async () => {
  let crash: () => void = () => undefined;
  const crashed = new Promise<void>((resolve) => {
    crash = resolve;
  });
  const model = modelByBrightness({
    before: async (call) => {
      if (call.type !== 'frames') return;
      await crashed;
      throw new DuetError('model_failed', 'a model worker ended unexpectedly with exit code 1');
    },
  });
  const { url } = await startTestServer({ model, stream: () => new FakeStream(fakeFrames([10, 10, 10])) });
  const booked = async (): Promise<number> => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^duet_sources_realtime (\d+)$/m.exec(metrics)?.[1]);
  };
  const client = await TestClient.open(url);
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' }, pacing: 'realtime' });
  await client.next('source.opened');
  expect(await booked()).toBe(1);
  crash();
  await expect.poll(booked).toBe(0);
});
