import sharp from 'sharp';
import type { Picture } from '../../server/video/frame.js';

/** Path of a picture with "STOP" on the left and "Gate 42" on the right. */
export const signFile = 'test/golden/reading/sign.png';

/** That picture, turned clockwise by some degrees. */
export async function signPicture(degrees = 0): Promise<Picture> {
  const turned = sharp(signFile).rotate(degrees, { background: '#c4ccbe' }).removeAlpha();
  const { data, info } = await turned.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: data };
}

/** A picture of the same size with nothing on it. */
export const emptyPicture: Picture = {
  ...{ width: 640, height: 360 },
  rgb: new Uint8Array(640 * 360 * 3).fill(120),
};
