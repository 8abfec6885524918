import type { IncomingMessage } from 'node:http';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { DuetError } from '../../../server/errors.js';
import { admit, type Authenticate } from '../../../server/transport/access/admit.js';
import { TestClient } from '../test-client.js';
import { startTestServer } from '../test-server.js';

const rules = { allowOrigins: [], allowHosts: [] };

/** Knows two people by their tokens, and takes its time. */
const byToken: Authenticate = async ({ headers }) => {
  await new Promise(setImmediate);
  const token = headers.authorization?.replace('Bearer ', '');
  if (token === 'a-token' || token === 'b-token') return token.startsWith('a') ? 'alice' : 'bob';
  throw new DuetError('unauthorized', 'The token is not known here: ask for another one');
};

const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

function request(headers: Record<string, string>): IncomingMessage {
  const all: Record<string, string> = { host: 'localhost', ...headers };
  const headersDistinct = { host: [all['host']] };
  return { method: 'GET', headers: all, headersDistinct } as unknown as IncomingMessage;
}

test('without accounts every allowed request is admitted without an owner', async () => {
  expect(await admit(request({}), rules)).toBe(null);
  await expect(admit(request({ host: 'evil.example' }), rules)).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'The server is not known as evil.example: add it with --allow-host',
  });
});

test('a page of another site is refused before authentication', async () => {
  const access = { ...rules, authenticate: () => Promise.reject(new Error('was asked')) };
  const asked = admit(request({ origin: 'https://evil.example' }), access);
  await expect(asked).rejects.toThrow('Pages of https://evil.example may not connect');
});

test('an unknown caller is refused over HTTP and WebSocket, saying what to do', async () => {
  const { url } = await startTestServer({ access: { ...rules, authenticate: byToken } });
  for (const path of ['/v1/models', '/v1/sessions/any']) {
    const response = await fetch(url + path);
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { error: { code: 'unauthorized' } },
    ]);
  }
  await expect(TestClient.connect(url, as('c-token'))).rejects.toThrow('status 403');
  expect((await fetch(`${url}/v1/models`, as('a-token'))).status).toBe(200);
});

test('a session belongs to its owner: for others it does not exist', async () => {
  const { url } = await startTestServer({ access: { ...rules, authenticate: byToken } });
  const alice = await TestClient.connect(url, as('a-token'));
  alice.send({ type: 'session.open' });
  const { session_id: id } = await alice.next('session.opened');
  for (const path of [`/v1/sessions/${id}`, `/v1/sessions/${id}/events`]) {
    expect((await fetch(url + path, as('a-token'))).status).toBe(200);
    expect((await fetch(url + path, as('b-token'))).status).toBe(404);
  }
  const bob = await TestClient.connect(url, as('b-token'));
  bob.send({ type: 'session.resume', session_id: id });
  expect(await bob.next('error')).toMatchObject({ code: 'not_found' });
  const again = await TestClient.connect(url, as('a-token'));
  again.send({ type: 'session.resume', session_id: id });
  await again.next('session.resumed');
});

test('a client that disconnects, or a server that closes, during authentication is handled', async () => {
  const answers: ((owner: null) => void)[] = [];
  const authenticate: Authenticate = () => new Promise((resolve) => answers.push(resolve));
  const log = vi.fn();
  const server = await startTestServer({ access: { ...rules, authenticate }, log });
  const [left, stayed] = [connectTo(server.url), connectTo(server.url)];
  await expect.poll(() => answers.length).toBe(2);
  left.socket.terminate();
  await left.closed;
  for (const answer of answers.splice(0, 1)) answer(null);
  await server.close();
  await stayed.closed;
  expect(log).not.toHaveBeenCalled();
});

function connectTo(url: string): { socket: WebSocket; closed: Promise<void> } {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/duet`, 'duet.v1');
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
    });
  });
  return { socket, closed };
}
