import type { Dice } from './dice.js';

const fileNames = [
  ...[
    'a.mp4',
    'b.MTS',
    'c',
    '',
    '../../etc/passwd',
    '..\\..\\x.mp4',
    'nul\0.mp4',
    '"quoted".mp4',
    'é視.mp4',
    '.mp4',
    'a.exe',
    'song.mp3',
  ],
  ...[
    'x'.repeat(5000),
    'a.mp4\r\nX: y',
    '%00.mp4',
    '__proto__',
    'CON.mp4',
    'a.mp4;filename=b.mp4',
    '${x}',
    '.'.repeat(300),
  ],
];

const fieldNames = [
  'file',
  'file',
  'file',
  'file',
  'video',
  '',
  '__proto__',
  'a[b][c]',
  'file[99999999]',
  'f'.repeat(500),
  'file\0',
];

const contents = [
  ...[
    'x',
    '',
    'ID3\x04\0\0\0\0\x7f\x7f',
    '%PDF-1.7',
    '\0\0\0\x18ftypmp42\0\0\0\0mp42isom',
    'RIFF\xff\xff\xff\xffWAVEfmt ',
    'PK\x03\x04',
  ],
  ...[
    '\x1aE\xdf\xa3',
    'GIF89a',
    '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
    '\xff\xd8\xff\xe0',
    '#EXTM3U\n',
    '<html>',
    'OggS\0\x02',
    '0&\xb2u\x8ef\xcf\x11',
  ],
];

/** A body of type multipart/form-data, as often as not broken, and the header that announces it. */
export function randomMultipart(dice: Dice): { type: string; body: Buffer } {
  const boundary = dice.pick([
    ...['x', 'y', 'z', 'X', 'boundary'],
    '----WebKitFormBoundaryabc',
    'b'.repeat(70),
    'b'.repeat(2000),
    '',
    'a b',
    '--',
    '\0',
  ]);
  const type = dice.chance(0.9)
    ? `multipart/form-data; boundary=${dice.chance(0.2) ? `"${boundary}"` : boundary}`
    : dice.pick([
        'multipart/form-data',
        'multipart/mixed; boundary=x',
        'multipart/',
        'video/mp4',
        'application/json',
        ';;',
        'multipart/form-data; boundary=x; boundary=y',
      ]);
  const parts = Array.from({ length: dice.pick([0, 1, 1, 1, 1, 1, 1, 2, 5]) }, () =>
    randomPart(dice, boundary),
  );
  const end = dice.chance(0.9)
    ? `--${boundary}--\r\n`
    : dice.pick(['', `--${boundary}`, `--${boundary}\r\n`, '--', '\r\n']);
  return { type, body: damaged(Buffer.from(parts.join('') + end, 'latin1'), dice) };
}

function randomPart(dice: Dice, boundary: string): string {
  const name = dice.chance(0.95) ? `; name="${dice.pick(fieldNames)}"` : '';
  const encoded = dice.pick(["; filename*=UTF-8''%e2%82%ac.mp4", '; filename*=x', "; filename*=utf-8''%zz"]);
  const file = dice.chance(0.92) ? `; filename="${dice.pick(fileNames)}"` : dice.chance(0.5) ? encoded : '';
  const disposition = dice.chance(0.95)
    ? `Content-Disposition: form-data${name}${file}\r\n`
    : 'Content-Disposition\r\n';
  const more = dice.chance(0.3)
    ? dice.pick([
        'Content-Type: video/mp4\r\n',
        'Content-Type: \0\r\n',
        `X: ${'y'.repeat(20_000)}\r\n`,
        ': \r\n',
      ])
    : '';
  const content = dice.pick(contents) + dice.pick(contents).repeat(dice.pick([0, 1, 100, 10_000]));
  return `--${boundary}\r\n${disposition}${more}\r\n${content}\r\n`;
}

/** Some bodies lose their end, some get a few wrong bytes. */
function damaged(body: Buffer, dice: Dice): Buffer {
  if (dice.chance(0.15)) return body.subarray(0, dice.below(body.length + 1));
  if (dice.chance(0.2))
    for (let k = 0; k < 5 && body.length > 0; k += 1) body[dice.below(body.length)] = dice.below(256);
  return body;
}
