import type { Random } from '../../server/scoring/statistics/random.js';

function one(random: Random, texts: readonly string[]): string {
  return texts[Math.floor(random() * texts.length)] ?? '';
}

const methods = [
  'GET',
  'GET',
  'GET',
  'POST',
  'HEAD',
  'OPTIONS',
  'CONNECT',
  'PRI',
  'get',
  'G\tT',
  '',
] as const;
const versions = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/0.9',
  'HTTP/1.1 ',
  '',
] as const;
const lineEnds = ['\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\n\r'] as const;

/** Targets of request lines on which parsers of addresses choke. */
export const targets = [
  '/v1/duet', '/v1/duet?x=1', '/v1/duet/', '/', '//', '///', '//:80', '//[', '//@', '//evil.example/v1/duet', '/\\', '\\\\', '/%', '/%zz',
  '/%00', '/v1/duet%00', '/v1/../v1/duet', '/./', '*', '', ' ', '?', '#', '/?%', '/#', 'http://', 'http:', 'http:/', 'http://[', 'http://[::1',
  'http://[::1]/v1/duet', 'http://:80', 'http://@/', 'http://a:b:c/', 'http://127.0.0.1:99999/', 'http://127.0.0.1/v1/duet', 'https://x',
  'ws://127.0.0.1/v1/duet', 'ws://', 'file:///etc/passwd', 'javascript:alert(1)', 'data:,x', 'about:blank', '127.0.0.1:8787', ':', '::', '[::]',
  '/v1/uploads/%2e%2e', '/v1/samples/..%2f..%2fpackage.json', '/v1/sessions/__proto__', '/v1/sessions/constructor/events', '/..//..//',
  '/\u0000', '/\u0001\u0002', '/\t', '/\u007f', '/\u00e9', '/\u2028', '/\ud83d\ude00', `/${'a'.repeat(9000)}`, `/${'a'.repeat(40_000)}`, `/${'%2f'.repeat(3000)}`,
  `/${'?'.repeat(5000)}`, '/v1/duet HTTP/1.1 HTTP/1.1',
] as const; // prettier-ignore

const hosts = [
  'HOST', 'HOST', 'HOST', 'localhost', '127.0.0.1', '[::1]', '[::1', '', ' ', 'evil.example', 'a b', 'a/b', 'a@b', '@', ':', ':80', '127.0.0.1:99999',
  '[', ']', '//', 'http://127.0.0.1', '127.1', '0x7f.1', '%6c', '\u00e9.example', 'xn--', 'xn--a', 'a'.repeat(5000), '..', 'localhost.', '1.2.3.4.5', '\u0000', '*',
] as const; // prettier-ignore

const headers: Readonly<Record<string, readonly string[]>> = {
  Upgrade: ['websocket', 'websocket', 'websocket', 'WebSocket', 'h2c', 'websocket, h2c', '', '\u0000', 'x'.repeat(3000)],
  Connection: ['Upgrade', 'Upgrade', 'keep-alive, Upgrade', 'close', '', 'upgrade, upgrade', ','],
  'Sec-WebSocket-Key': ['dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ==', 'short', '', '=', 'x'.repeat(9000)],
  'Sec-WebSocket-Version': ['13', '13', '8', '0', '-1', '1e999', 'NaN', '', '13, 8'],
  'Sec-WebSocket-Protocol': ['duet.v1', 'duet.v1', 'other', '', ',', ', ,', 'duet.v1, duet.v1', 'duet.v1,\u00e9', '"', ' duet.v1 ', 'a'.repeat(2000)],
  'Sec-WebSocket-Extensions': ['permessage-deflate', 'permessage-deflate; server_max_window_bits=99', ';', '=', 'x; y="', ',,,'],
  Origin: ['null', 'http://', 'http://[', 'https://evil.example', 'http://HOST', '', '\u0000', 'a'.repeat(3000), 'http://a, http://b'],
  'Sec-Fetch-Site': ['same-origin', 'cross-site', 'same-site', 'none', '', 'x', 'same-origin, cross-site'],
  'Content-Length': ['0', '5', '-1', '1e9', '18446744073709551616', 'x', '5, 5'],
  'Transfer-Encoding': ['chunked', 'identity', 'chunked, chunked', 'x', ''],
  Expect: ['100-continue', 'x'],
  Range: ['bytes=0-', 'bytes=-1', 'bytes=9-1', 'bytes=x', `bytes=${'0-1,'.repeat(500)}0-1`],
  Cookie: ['__proto__=1', 'x'.repeat(20_000)],
  ['__proto__']: ['x', 'y'],
  constructor: ['x'],
}; // prettier-ignore

/** What may follow the head of a request: nothing, bytes, or broken WebSocket frames. */
const rests = ['', '', '', '\u0000\u0000\u0000\u0000', '\u0081\u0085abcdhello', '\u0081\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff', '\u00ff\u00ff', '\u0088\u0080abcd', 'GET // HTTP/1.1\r\n\r\n', '0\r\n\r\n', 'zz\r\n'] as const; // prettier-ignore

/**
 * The bytes (as latin1 text) of one HTTP request, most of them asking for a WebSocket, with something wrong
 * in one or several places. `host` is the server's own, so that some pass the checks.
 */
export function rawRequest(random: Random, host: string): string {
  const end = random() < 0.85 ? '\r\n' : one(random, lineEnds);
  const target = random() < 0.1 ? randomText(random) : one(random, targets);
  const line = `${random() < 0.8 ? 'GET' : one(random, methods)} ${target} ${random() < 0.8 ? 'HTTP/1.1' : one(random, versions)}`;
  const chosen = Object.entries(headers)
    .filter(
      ([name]) => random() < (/^(Upgrade|Connection|Sec-WebSocket-(Key|Version))$/.test(name) ? 0.9 : 0.15),
    )
    .map(([name, values]) => `${name}: ${random() < 0.7 ? values[0] : one(random, values)}`);
  const lines = [line, `Host: ${random() < 0.7 ? 'HOST' : one(random, hosts)}`, ...chosen];
  if (random() < 0.05) lines.push(...Array.from({ length: 3000 }, (_, index) => `X-${index}: 1`));
  if (random() < 0.1) lines.splice(Math.floor(random() * lines.length), 1, randomText(random));
  const whole = lines.join(end).replaceAll('HOST', host) + end + end + one(random, rests);
  return random() < 0.1 ? whole.slice(0, Math.floor(random() * whole.length)) : whole;
}

function randomText(random: Random): string {
  const length = Math.floor(random() ** 3 * 300);
  return String.fromCharCode(...Array.from({ length }, () => Math.floor(random() * 256)));
}
