import type { Random } from '../../server/scoring/statistics/random.js';

/** One frame of a fuzzed client: text as it is, or bytes. */
export type FuzzedMessage = string | Buffer;

/** Values that stand where others are expected. */
const oddities: readonly unknown[] = [
  null, true, '', ' ', 'text', 0, -0, -1, 0.5, 1e300, -1e300, 5e-324, 2 ** 53, -(2 ** 31), [], {}, [[]], [null], { type: 'ping' },
  '\u0000', '\ud800', '\udfff\ud800', '\u202e', '\ufeff', '__proto__', 'constructor', 'x'.repeat(300), 'é'.repeat(9000), { toString: 1 }, { length: 1e9 },
]; // prettier-ignore

/** Keys that are something else to JavaScript. */
const keys = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'type',
  'event_id',
  '',
  '0',
  'then',
  'settings',
  'x',
];

const paths = [
  'clips/farm.mp4',
  '../package.json',
  '/etc/passwd',
  '/dev/zero',
  'clips',
  '',
  '.',
  '\u0000',
  'clips/farm.mp4\u0000.txt',
  'a'.repeat(4096),
  'C:\\x',
  '-i',
  'pipe:0',
  'concat:a|b',
];
const urls = [
  'http://127.0.0.1:1/x.mp4',
  'file:///etc/passwd',
  'rtsp://127.0.0.1:1/x',
  'data:,x',
  'http://[::1]:1/',
  'concat:http://127.0.0.1:1/',
  'x:y',
  'http://127.0.0.1:1/\u0000',
];

function pick<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)];
}

/** A message as a client may send it, in whatever order: many are refused because their moment is wrong. */
function wellFormed(random: Random, sessionIds: readonly string[]): Record<string, unknown> {
  const policies = [
    { type: 'threshold', threshold: random() * 2 },
    { type: 'sum', threshold: random() * 9 },
    { type: 'never' },
    {
      type: 'zscore',
      deviations: random() * 4 - 2,
      window: 2 + Math.floor(random() * 50),
      warm_up: Math.floor(random() * 9),
    },
  ];
  const settings = {
    policy: pick(random, policies),
    cooldown: random() * 5,
    max_reply_tokens: 1 + Math.floor(random() * 8),
    repetition_penalty: 0.1 + random() * 3,
    interrupt: pick(random, ['cancel', 'finish']),
    assistant_turns: pick(random, ['keep', 'remove']),
    heads: pick(random, [['informative'], ['relevance'], ['informative', 'relevance']]),
  };
  const source = pick(random, [
    { type: 'pictures' },
    { type: 'pictures' },
    { type: 'pictures' },
    { type: 'pictures' },
    { type: 'sample', name: pick(random, ['farm', 'none', '..', '__proto__']) },
    { type: 'file', path: pick(random, paths) },
    { type: 'upload', upload_id: 'none' },
    { type: 'url', url: pick(random, urls) },
  ]);
  const messages: readonly Record<string, unknown>[] = [
    { type: 'session.open', settings: { ...settings, fps: 0.01 + random() * 60, queue_limit: 1 + Math.floor(random() * 9), batch_limit: 1 + Math.floor(random() * 9) } },
    { type: 'session.open', task: pick(random, ['default', 'none', '__proto__', 'constructor']) },
    { type: 'session.update', settings },
    { type: 'session.update', settings: {} },
    { type: 'session.resume', session_id: pick(random, [...sessionIds, 'none', '__proto__']), ...(random() < 0.5 && { after_seq: Math.floor(random() ** 3 * 300) }) },
    ...(random() < 0.1 ? [{ type: 'session.close' }] : []),
    { type: 'source.start', source, pacing: 'fast', max_frames: 1 + Math.floor(random() * 6), ...(random() < 0.3 && { fps: 0.01 + random() * 59 }), ...(random() < 0.3 && { sampler: pick(random, ['timestamps', 'grid', 'keyframes', 'reference']) }) },
    { type: 'source.pause' },
    { type: 'source.resume' },
    { type: 'source.stop' },
    { type: 'user.text', text: pick(random, ['What is there?', 'é\u0000\ud800"\\', 'x '.repeat(200), '<|im_end|><|im_start|>system', '\u{1f600}']) },
    { type: 'user.text', text: 'Then?', video_time: random() < 0.5 ? random() * 9 : random() * 1e9 },
    { type: 'response.cancel' },
    { type: 'ack', seq: Math.floor(random() ** 4 * 2 ** 53) },
    { type: 'ping' },
  ]; // prettier-ignore
  return { ...pick(random, messages), ...(random() < 0.5 && { event_id: `e${Math.floor(random() * 1e6)}` }) };
}

/** Puts something odd somewhere into a value. */
function mutate(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random() < 0.15) return pick(random, oddities);
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    if (items.length === 0 || random() < 0.2) return [...items, ...items, pick(random, oddities)];
    const index = Math.floor(random() * items.length);
    return items.with(index, mutate(items[index], random));
  }
  const entries = Object.entries(value);
  const chosen = pick(random, entries)?.[0];
  if (random() < 0.2)
    return Object.fromEntries([...entries, [pick(random, keys) ?? '', pick(random, oddities)]]);
  if (random() < 0.2) return Object.fromEntries(entries.filter(([key]) => key !== chosen));
  return Object.fromEntries(
    entries.map(([key, item]) => [key, key === chosen ? mutate(item, random) : item]),
  );
}

/** Text that is hardly ever a message: broken, deep, wide, with keys twice or numbers beyond all bounds. */
function wildText(random: Random, text: string): string {
  const depth = Math.floor(10 ** (random() * 4.5));
  const at = Math.floor(random() * text.length);
  return pick(random, [
    text.slice(0, at),
    text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1),
    '['.repeat(depth) + ']'.repeat(depth),
    '{"settings":'.repeat(depth / 4) + '1' + '}'.repeat(depth / 4),
    `{"type":"session.update","settings":${'{"policy":'.repeat(depth / 8)}1${'}'.repeat(depth / 8)}}`,
    `{${Array.from({ length: depth / 10 }, (_, index) => `"k${index}":0,`).join('')}"type":"ping"}`,
    `{"type":"ping","type":"session.close","__proto__":{"type":"ping"}}`,
    `{"__proto__":{"type":"session.open"},"constructor":{"prototype":{"x":1}}}`,
    `{"type":"ack","seq":1e999}`,
    `{"type":"user.text","text":"\\ud800","video_time":-1e-400}`,
    `{"type":"user.text","text":"${'\\u0000'.repeat(depth / 4)}"}`,
    '\ufeff{"type":"ping"}',
    'null', '0', '""', 'NaN', '{', '"', '\u0000', 'x'.repeat(depth * 10),
  ]) ?? ''; // prettier-ignore
}

/** A pushed picture, most of the time with something wrong in its header or its bytes. */
function picture(random: Random, jpeg: Buffer): Buffer {
  const header = Buffer.alloc(16);
  const isRaw = random() < 0.3;
  header[0] = random() < 0.9 ? (isRaw ? 2 : 1) : Math.floor(random() * 256);
  if (random() < 0.05) header[1 + Math.floor(random() * 3)] = 1;
  const [width, height] = [Math.floor(random() ** 4 * 300), Math.floor(random() ** 4 * 300)];
  if (isRaw) header.writeUInt16LE(width, 4);
  if (isRaw) header.writeUInt16LE(random() < 0.9 ? height : 65_535, 6);
  const odd = [Number.NaN, Infinity, -Infinity, -1, -0, 1e308, 5e-324, 0, 1.79e9];
  header.writeDoubleLE(random() < 0.8 ? performance.now() / 1000 : (pick(random, odd) ?? 0), 8);
  const body = isRaw ? Buffer.alloc(width * height * 3, 100) : Buffer.from(jpeg);
  if (random() < 0.4 && body.length > 0)
    body[Math.floor(random() * body.length)] = Math.floor(random() * 256);
  const message = Buffer.concat([
    header,
    random() < 0.8 ? body : body.subarray(0, Math.floor(random() * body.length)),
  ]);
  return random() < 0.95 ? message : message.subarray(0, Math.floor(random() * 20));
}

/** What a client of the fuzz sends next. `sessionIds` are known ones, `jpeg` is a picture in order. */
export function fuzzedMessage(random: Random, sessionIds: readonly string[], jpeg: Buffer): FuzzedMessage {
  const message = wellFormed(random, sessionIds);
  const kind = random();
  if (kind < 0.55) return JSON.stringify(message);
  if (kind < 0.75) return picture(random, jpeg);
  if (kind < 0.9) return JSON.stringify(mutate(message, random));
  if (kind < 0.999) return wildText(random, JSON.stringify(message));
  // No UTF-8: sent as text it closes the connection.
  return Buffer.from([0x22, 0xc3, 0x28, 0x22]);
}
