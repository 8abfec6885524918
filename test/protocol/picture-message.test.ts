import { expect, test } from 'vitest';
import { decodePictureMessage, encodePictureMessage } from '../../server/protocol/picture-message.js';

test('an encoded picture keeps its time and bytes', () => {
  const picture = { kind: 'encoded', videoTime: 12.3456789, bytes: Uint8Array.of(1, 2, 3) } as const;
  expect(decodePictureMessage(encodePictureMessage(picture))).toEqual(picture);
});

test('a raw picture keeps its size too', () => {
  const bytes = Uint8Array.from({ length: 3 * 2 * 3 }, (_, index) => index);
  const picture = { kind: 'rgb', videoTime: 0, width: 3, height: 2, bytes } as const;
  expect(decodePictureMessage(encodePictureMessage(picture))).toEqual(picture);
});

test('the header is as documented', () => {
  const message = encodePictureMessage({
    kind: 'rgb',
    videoTime: 1.5,
    width: 258,
    height: 1,
    bytes: new Uint8Array(774),
  });
  expect([...message.subarray(0, 16)]).toEqual([2, 0, 0, 0, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f]);
});

test('a message inside a larger buffer is read at its offset', () => {
  const message = encodePictureMessage({ kind: 'encoded', videoTime: 2, bytes: Uint8Array.of(7) });
  const buffer = new Uint8Array(100);
  buffer.set(message, 33);
  const read = decodePictureMessage(buffer.subarray(33, 33 + message.length));
  expect(read).toEqual({ kind: 'encoded', videoTime: 2, bytes: Uint8Array.of(7) });
});
