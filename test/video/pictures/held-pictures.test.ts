import { expect, test } from 'vitest';
import { HeldPictures } from '../../../server/video/pictures/held-pictures.js';

const mebibyte = 1024 * 1024;

test('the newest pictures are held, up to sixteen mebibytes of them', () => {
  const held = new HeldPictures<{ readonly number: number }>();
  const pictures = [0, 1, 2, 3, 4].map((number) => held.hold({ number }, 5 * mebibyte));
  expect(pictures.map((picture) => picture()?.number)).toEqual([undefined, undefined, 2, 3, 4]);
});

test('one that is larger than that is not held', () => {
  const held = new HeldPictures<object>();
  const small = held.hold({}, mebibyte);
  expect(held.hold({}, 17 * mebibyte)()).toBeNull();
  expect(small()).toBeNull();
  expect(held.hold({}, mebibyte)()).not.toBeNull();
});
