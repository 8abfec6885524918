import { expect, test } from 'vitest';
import { RawRequest } from '../raw-request.js';
import { startTestServer } from '../test-server.js';

test.each([
  ['POST', '/v1/sessions', 'GET, HEAD, OPTIONS'],
  ['PUT', '/V1/Sessions/', 'GET, HEAD, OPTIONS'],
  ['GET', '/v1/uploads', 'POST, OPTIONS'],
  ['PATCH', '/v1/uploads/none', 'GET, HEAD, DELETE, OPTIONS'],
  ['DELETE', '/v1/sessions/none/transcript.srt', 'GET, HEAD, OPTIONS'],
  ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
])('%s %s is answered with the methods that there are: %s', async (method, path, allow) => {
  const { url } = await startTestServer();
  const answer = await fetch(url + path, { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  const message = `${method} does nothing at ${path}: there is ${allow.replace(', OPTIONS', '')}`;
  expect(await answer.json()).toEqual({ error: { code: 'invalid_request', message } });
});

test.each([
  ['POST', '/v1/nothing'],
  ['POST', '/v1/sessions/a/b/c'],
  ['POST', '/v1/sessions/none/transcriptxsrt'],
  ['GET', '/v1/uploads/none'],
])('%s %s is not found', async (method, path) => {
  const { url } = await startTestServer();
  const answer = await fetch(url + path, { method });
  expect([answer.status, answer.headers.get('allow')]).toEqual([404, null]);
});

test('a request with several Host headers is refused: a proxy may have read another', async () => {
  const { url } = await startTestServer();
  const request = new RawRequest(url);
  request.socket.write(
    'GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
  );
  expect(await request.ended).toMatch(/^HTTP\/1\.1 403 .*no valid Host header/s);
});
