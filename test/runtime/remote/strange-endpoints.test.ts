import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { findModel } from '../../../server/runtime/find-model.js';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playFast } from './remote-session.js';

/** A server that answers everything in one way; its port. */
async function answering(answer: (response: ServerResponse) => void, host = '127.0.0.1'): Promise<number> {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => {
      answer(response);
    });
  });
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

test('an answer that unpacks to more than it may have is given up', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20, ' '));
  const port = await answering((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(bomb);
  });
  await expect(loadRemote(`remote:vllm/fake@http://127.0.0.1:${port}`)).rejects.toThrow(/larger than 4 MiB/);
});

test.each<{
  what: string;
  answer: (response: ServerResponse) => void;
  replySeconds: number;
  says: RegExp;
}>([
  {
    what: 'a line without an end',
    answer: (response) => response.end(`data: ${'x'.repeat(5 * 2 ** 20)}`),
    replySeconds: 60,
    says: /larger than 4 MiB/,
  },
  { what: 'comments for ever', answer: pingForEver, replySeconds: 2, says: /did not answer within 2 s/ },
])(
  '$what instead of a reply fails that reply, and not the session',
  async ({ answer, replySeconds, says }) => {
    const port = await answering((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      answer(response);
    });
    await using engine = await FakeEngine.open({ probability: () => 0.9 });
    const file = { preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, limits: { replySeconds } };
    const model = await loadRemote(await writeModelFile(file));
    // Only the chat is elsewhere.
    const target = `http://127.0.0.1:${port}`;
    const fetched = globalThis.fetch;
    globalThis.fetch = (input, init) =>
      fetched(
        typeof input === 'string' && input.endsWith('/chat/completions')
          ? `${target}/v1/chat/completions`
          : input,
        init,
      );
    onTestFinished(() => {
      globalThis.fetch = fetched;
    });
    await using session = await openRemoteSession(model);
    await playFast(session, [0, 60]);
    expect(eventsOf(session, 'frame.scored')).toHaveLength(2);
    const [done] = eventsOf(session, 'response.done');
    expect(done).toMatchObject({ status: 'failed' });
    expect(done?.error?.message).toMatch(says);
  },
);

function pingForEver(response: ServerResponse): void {
  const timer = setInterval(() => response.write(': ping\n\n'), 50);
  response.on('close', () => {
    clearInterval(timer);
  });
}

test.each([
  ['http://no-such-host.invalid/v1', /cannot be reached .*; is it running\?/],
  ['ftp://127.0.0.1/v1', /is not a web address/],
  ['http://127.0.0.1:1/v1?key=sk-abcdefgh1234', /has a .* parameter/],
])('%s is refused in one line', async (url, says) => {
  const file = await writeModelFile({ preset: 'vllm', model: 'fake', url });
  const error: unknown = await loadRemote(file).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(says);
  expect(String(error)).not.toMatch(/\n|abcdefgh/);
});

test('an address of the other protocol, and one of IPv6', async () => {
  await using engine = await FakeEngine.open();
  await expect(loadRemote(`remote:vllm/fake@https://127.0.0.1:${engine.port}`)).rejects.toThrow(
    /http:\/\/ and https:\/\/ are mixed up/,
  );
  const port = await answering((response) => {
    response.writeHead(401).end('{}');
  }, '::1');
  await expect(loadRemote(`remote:vllm/fake@http://[::1]:${port}`)).rejects.toThrow(
    /\[::1\]:\d+\/v1 answered 401/,
  );
});

test.each([
  [{ prices: { input: -1 } }, 'prices.input'],
  [{ prices: { input: 1e300 } }, 'prices.input'],
  [{ prices: { input: 0, call: 1e9 } }, 'prices.call'],
  [{ request: { model: 'other' } }, 'request'],
  [{ request: { stream: true } }, 'request'],
  [{ gate: { atLeastEvery: 0 } }, 'gate.atLeastEvery'],
  [{ fps: 1e9 }, 'fps'],
])('a model file with %j is refused, with the name of the field', async (fields, named) => {
  const file = await writeModelFile({ preset: 'vllm', model: 'fake', ...fields });
  await expect(findModel(file, { onWarning: () => undefined })).rejects.toThrow(`at ${named}`);
});

test('what a model file adds to requests is not readable in what a run remembers of the model', async () => {
  const file = await writeModelFile({ preset: 'vllm', model: 'fake', request: { token: 'very-secret-1' } });
  const found = await findModel(file, { onWarning: () => undefined });
  expect(await found.fingerprint()).not.toContain('secret');
});

test('an engine that asks for a long rest is told of, and one that asks for more than anybody waits is given up', async () => {
  const warnings: string[] = [];
  const asked = { later: '6' };
  await using engine = await FakeEngine.open({
    fault: ({ number }) =>
      number === 1 || (number > 2 && asked.later !== '')
        ? { type: 'status', status: 429, headers: { 'retry-after': asked.later } }
        : null,
  });
  const model = await loadRemote(`remote:vllm/fake@${engine.url}`, { warnings });
  await using session = await openRemoteSession(model);
  await playFast(session, [0]);
  expect(eventsOf(session, 'frame.scored')).toHaveLength(1);
  expect(warnings).toEqual([
    expect.stringMatching(/answered 429.*; ask less often, or wait 6 s, as it asks$/),
  ]);
  asked.later = '99999999';
  await expect(playFast(session, [60, 120])).rejects.toThrow(/wait 99999999 s, as it asks/);
  expect(engine.at('/v1/decisions')).toHaveLength(3);
});

test.each([-5, 1e300, '900', NaN])('usage of %j tokens is none, and the estimate counts', async (tokens) => {
  await using engine = await FakeEngine.open({ inputTokens: () => tokens as number });
  const model = await loadRemote(`remote:vllm/fake@${engine.url}`);
  await using session = await openRemoteSession(model);
  await playFast(session, [0]);
  await session.close('done');
  const [spent] = eventsOf(session, 'session.spent').slice(-1);
  expect(spent?.inputTokens).toBeGreaterThan(1000);
  expect(spent?.inputTokens).toBeLessThan(5000);
});

test.each([
  { decide: 'labels', unscored: ['refused'], scores: [] },
  { decide: 'no-reply', unscored: [], scores: [0] },
])(
  'an answer that ends at once, of whose words Ollama tells nothing, is none by $decide',
  async (expected) => {
    const { decide, unscored, scores } = expected;
    const choice = { index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'stop' };
    await using engine = await FakeEngine.open({
      fault: ({ isProbe }) => (isProbe ? null : { type: 'status', status: 200, body: { choices: [choice] } }),
    });
    const file = { preset: 'ollama', model: 'fake', url: `${engine.url}/v1`, decide };
    await using session = await openRemoteSession(await loadRemote(await writeModelFile(file)));
    await playFast(session, [0]);
    expect(eventsOf(session, 'frame.unscored').map(({ reason }) => reason)).toEqual(unscored);
    expect(eventsOf(session, 'frame.scored').map(({ informativeScore }) => informativeScore)).toEqual(scores);
  },
);
