import type { Dice } from './dice.js';
import { randomMultipart } from './random-multipart.js';

const methods =
  'GET GET GET GET HEAD POST POST PUT DELETE DELETE PATCH OPTIONS TRACE CONNECT get QUERY G\0T'.split(' ');

const paths = [
  ...['/', '/index.html', '/assets/', '/duet-client.js', '/healthz', '/readyz', '/metrics', '/v1', '/v1/'],
  ...[
    '/v1/models',
    '/v1/protocol.json',
    '/v1/samples',
    '/v1/ingest',
    '/v1/samples/street',
    '/v1/samples/kitchen',
    '/v1/duet',
  ],
  ...[
    '/v1/uploads',
    '/v1/uploads/',
    '/v1/uploads/ID',
    '/v1/uploads/ID',
    '/v1/sessions/ID',
    '/v1/sessions/ID/events',
  ],
];

const oddities = [
  ...[
    '..',
    '../',
    '..%2f',
    '%2e%2e%2f',
    '%252e%252e%252f',
    '..\\',
    '%5c..%5c',
    '/etc/passwd',
    '%00',
    '%',
    '%zz',
    '%c0%af',
  ],
  ...[
    '//',
    ';',
    '?',
    '#',
    '%0d%0aX: y',
    '%20',
    '+',
    '*',
    '::$DATA',
    '.php',
    '~',
    '%F0%9F%92%A9',
    '\u00e9',
    '__proto__',
    'constructor',
  ],
  ...[
    '?a[b]=c',
    '?__proto__[x]=1',
    '?a=%',
    '?'.repeat(50),
    'a/'.repeat(200),
    'x'.repeat(9000),
    'http://[',
    '//evil.example',
  ],
];

const ranges = [
  ...[
    'bytes=0-',
    'bytes=5-2',
    'bytes=-5',
    'bytes=-0',
    'bytes=0-0',
    'bytes=99999999999-',
    'bytes=abc',
    'bytes=',
    'bytes',
    'items=0-5',
  ],
  ...[
    'bytes=0-1,2-3',
    `bytes=${'0-1,'.repeat(500)}2-3`,
    'bytes=0-18446744073709551616',
    'bytes= 0 - 5',
    'bytes=1-2-3',
    'bytes=--1',
  ],
];

const headers = [
  ...[
    'Accept-Encoding: br',
    'Accept-Encoding: gzip;q=x, *;q=0',
    'If-None-Match: *',
    'If-Modified-Since: yesterday',
    'If-Range: "x"',
  ],
  ...[
    'Expect: 100-continue',
    'Expect: nothing',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: gzip, chunked',
    'Content-Length: -1',
  ],
  ...[
    'Content-Length: 5',
    'Content-Length: 99999999999999999999',
    'Content-Length: 0x10',
    'Content-Encoding: gzip',
    'Upgrade: websocket',
  ],
  ...[
    'Connection: Upgrade',
    'Connection: close, close',
    'Origin: null',
    'Origin: http://localhost',
    'Origin: http://evil.example',
  ],
  ...[
    'Sec-Fetch-Site: cross-site',
    'X-Forwarded-For: 1.2.3.4',
    'Cookie: a=b; c',
    ': empty',
    'No colon',
    'X: \u0000',
    'X-Tab:\t\t',
  ],
  ...[
    `X-Long: ${'y'.repeat(20_000)}`,
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: x',
    'Host: evil.example',
    'Host:',
    'Host: [',
    'Host: a@b',
  ],
];

const oddVersions = ['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.', 'ICY', ''];

/** One request as bytes, most of it odd; `known` are ids of uploads that were taken. */
export function randomRequest(dice: Dice, known: readonly string[]): Buffer {
  const upload = dice.chance(0.35);
  const method = upload && dice.chance(0.9) ? 'POST' : dice.pick(methods);
  const target = upload && dice.chance(0.9) ? '/v1/uploads' : randomTarget(dice, known);
  const { type, body } = upload ? randomMultipart(dice) : { type: null, body: randomBody(dice) };
  const lines = [`${method} ${target} ${dice.chance(0.95) ? 'HTTP/1.1' : dice.pick(oddVersions)}`];
  if (dice.chance(0.98)) lines.push('Host: localhost');
  if (dice.chance(0.8)) lines.push('Connection: close');
  if (type !== null) lines.push(`Content-Type: ${type}`);
  if (body.length > 0 && dice.chance(0.9)) lines.push(`Content-Length: ${lengthOf(body, dice)}`);
  if (dice.chance(0.3)) lines.push(`Range: ${dice.pick(ranges)}`);
  while (dice.chance(0.2)) lines.push(dice.pick(headers));
  if (dice.chance(0.01)) for (let k = 0; k < 300; k += 1) lines.push(`X-${k}: ${k}`);
  const end = dice.chance(0.97) ? '\r\n\r\n' : dice.pick(['\n\n', '\r\n', '\r\r', '']);
  return Buffer.concat([Buffer.from(lines.join('\r\n') + end), body]);
}

function randomTarget(dice: Dice, known: readonly string[]): string {
  const id =
    known.length > 0 && dice.chance(0.7)
      ? dice.pick(known)
      : dice.pick(['none', 'x'.repeat(300), '..', '%2e']);
  let target = dice.pick(paths).replace('ID', id);
  while (dice.chance(0.3)) {
    const at = dice.below(target.length + 1);
    target = target.slice(0, at) + dice.pick(oddities) + (dice.chance(0.5) ? target.slice(at) : '');
  }
  return target;
}

function randomBody(dice: Dice): Buffer {
  if (dice.chance(0.8)) return Buffer.alloc(0);
  return Buffer.from(
    dice.pick([
      '{}',
      '[',
      'a=b',
      '5\r\nhello\r\n0\r\n\r\n',
      'ffffffffffffffffff\r\n',
      '-5\r\nx',
      '\0'.repeat(1000),
    ]),
  );
}

function lengthOf(body: Buffer, dice: Dice): number {
  return dice.chance(0.95) ? body.length : Math.max(0, body.length + dice.below(200) - 100);
}
