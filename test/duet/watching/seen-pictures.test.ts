import { expect, test } from 'vitest';
import { SeenPictures } from '../../../server/duet/watching/seen-pictures.js';

const shown = { width: 640, height: 360 };
const picture = { width: 1, height: 1, rgb: new Uint8Array(3) };
const detail = () => Promise.resolve(picture);

const now = (pictures: SeenPictures) => pictures.after(0, AbortSignal.timeout(1000));

test('viewers get the larger picture for a second', async () => {
  const pictures = new SeenPictures();
  pictures.show({ index: 0, videoTime: 0, picture }, shown);
  expect((await now(pictures))?.videoTime).toBe(0);
  pictures.show({ index: 1, videoTime: 0.25, picture, detail }, shown);
  pictures.show({ index: 2, videoTime: 0.5, picture }, shown);
  expect(pictures.forViewers?.videoTime).toBe(0.25);
  expect(await now(pictures)).toMatchObject({ videoTime: 0.25, number: 2 });
  pictures.show({ index: 3, videoTime: 1.25, picture }, shown);
  expect(await now(pictures)).toMatchObject({ videoTime: 1.25, number: 3 });
});
