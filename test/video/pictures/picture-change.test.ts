import { expect, test } from 'vitest';
import { gridOf, gridOnce, pictureChange } from '../../../server/video/pictures/picture-change.js';
import { seededRandom } from '../../../server/scoring/statistics/random.js';
import type { Picture } from '../../../server/video/frame.js';

type Colour = readonly [number, number, number];

/** A grey picture with a square of another colour, and as much noise as asked for. */
function picture(
  side: number,
  square: { at: number; size: number; colour: Colour } | null,
  noise = 0,
): Picture {
  const random = seededRandom(noise + 1);
  const rgb = new Uint8Array(side * side * 3);
  for (let pixel = 0; pixel < side * side; pixel++) {
    const [x, y] = [pixel % side, Math.floor(pixel / side)];
    const inside = square !== null && [x, y].every((at) => at >= square.at && at < square.at + square.size);
    for (let colour = 0; colour < 3; colour++) {
      const plain = inside ? (square.colour[colour] ?? 0) : 128;
      rgb[pixel * 3 + colour] = plain + Math.round((random() - 0.5) * 2 * noise);
    }
  }
  return { width: side, height: side, rgb };
}

const change = (before: Picture, after: Picture): number => pictureChange(gridOf(before), gridOf(after));

test('is 0 for the same picture and 1 from black to white', () => {
  expect(change(picture(128, null), picture(128, null))).toBe(0);
  const black = picture(64, { at: 0, size: 64, colour: [0, 0, 0] });
  expect(change(black, picture(64, { at: 0, size: 64, colour: [255, 255, 255] }))).toBe(1);
});

test.each([96, 128, 384])('a small thing that moves is seen at %d pixels, noise all over is not', (side) => {
  const size = Math.round(side / 12);
  const thing = (at: number) => picture(side, { at, size, colour: [255, 80, 0] });
  expect(change(thing(10), thing(10 + size))).toBeGreaterThan(0.2);
  expect(change(picture(side, null, 12), picture(side, null, 13))).toBeLessThan(0.03);
});

test('a thing that turns from red to a green of the same brightness is seen', () => {
  const red = picture(128, { at: 40, size: 20, colour: [200, 40, 40] });
  expect(change(red, picture(128, { at: 40, size: 20, colour: [40, 122, 40] }))).toBeGreaterThan(0.3);
});

test('tiny pictures are compared too', () => {
  expect(change(picture(2, null), picture(2, { at: 0, size: 1, colour: [255, 255, 255] }))).toBeCloseTo(
    0.498,
    2,
  );
});

test('of a picture that several judge, the grid is made once, and only if one asks for it', () => {
  let reads = 0;
  const plain = picture(32, null, 20);
  const counted: Picture = {
    ...plain,
    get rgb() {
      reads += 1;
      return plain.rgb;
    },
  };
  const grid = gridOnce(counted);
  expect(reads).toBe(0);
  expect(grid()).toBe(grid());
  expect([reads, grid()]).toEqual([1, gridOf(plain)]);
});
