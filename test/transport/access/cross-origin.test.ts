import { expect, test } from 'vitest';
import { isOrigin } from '../../../server/transport/access/access-rules.js';
import { startTestServer } from '../test-server.js';

const friend = 'https://friend.example';
const app = 'capacitor://localhost';

const strangers = [
  'null',
  '*',
  'https://friend.example.evil.example',
  'https://evil-friend.example',
  'https://sub.friend.example',
  'http://friend.example',
  'https://friend.example:8443',
  'https://friend.example.',
  'https://friend.example/',
  'HTTPS://FRIEND.EXAMPLE',
  'https://friend.example, https://evil.example',
];

/** The parts of an answer that a browser looks at. */
async function answerTo(url: string, init: RequestInit): Promise<Record<string, unknown>> {
  const { status, headers } = await fetch(url, init);
  return {
    status,
    origin: headers.get('access-control-allow-origin'),
    credentials: headers.get('access-control-allow-credentials'),
    vary: headers.get('vary')?.split(', ').includes('Origin'),
  };
}

test('pages of the listed origins read answers, refusals and all, and nobody else does', async () => {
  const { url } = await startTestServer({ access: { allowOrigins: [friend, app], allowHosts: [] } });
  for (const origin of [friend, app]) {
    const allowed = { origin, credentials: 'true', vary: true };
    for (const [path, status] of [
      ['/healthz', 200],
      ['/v1/sessions/none', 404],
      ['/nothing', 404],
    ] as const) {
      expect(await answerTo(url + path, { headers: { origin } })).toEqual({ status, ...allowed });
    }
    const ask = { origin, 'access-control-request-method': 'DELETE' };
    const preflight = await fetch(`${url}/v1/uploads/none`, { method: 'OPTIONS', headers: ask });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('DELETE');
    expect(preflight.headers.get('access-control-max-age')).toBe('600');
  }
  const refused = { status: 403, origin: null, credentials: null, vary: true };
  for (const origin of strangers) {
    expect(await answerTo(`${url}/v1/samples`, { headers: { origin } }), origin).toEqual(refused);
    const ask = { origin, 'access-control-request-method': 'POST' };
    expect(await answerTo(`${url}/v1/uploads`, { method: 'OPTIONS', headers: ask }), origin).toEqual(refused);
  }
  // What a program or the own page gets must not be taken from a cache for a page of another origin.
  const nobody = { status: 200, origin: null, credentials: null, vary: true };
  expect(await answerTo(`${url}/healthz`, {})).toEqual(nobody);
});

test('whoever asks for an account asks it of pages too, but not of preflight requests', async () => {
  const authenticate = (): never => {
    throw new Error('nobody is known');
  };
  const access = { allowOrigins: [friend], allowHosts: [], authenticate };
  const { url } = await startTestServer({ access });
  const ask = { origin: friend, 'access-control-request-method': 'POST' };
  expect(await answerTo(`${url}/v1/uploads`, { method: 'OPTIONS', headers: ask })).toMatchObject({
    status: 204,
  });
  expect(await answerTo(`${url}/v1/samples`, { headers: { origin: friend } })).toMatchObject({
    status: 500,
    origin: friend,
  });
});

test.each([
  ...['https://example.org', 'http://localhost:3000', 'http://[::1]:8080', 'capacitor://localhost'].map(
    (text) => [text, true] as const,
  ),
  ...['null', '*', 'https://*.example.org', 'https://example.org/', 'https://EXAMPLE.org', 'example.org'].map(
    (text) => [text, false] as const,
  ),
  ['https://example.org:443', false],
  ['https://user@example.org', false],
] as const)('%s as an origin to allow: %s', (text, expected) => {
  expect(isOrigin(text)).toBe(expected);
});
