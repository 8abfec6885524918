import type { Picture } from '../../video/frame.js';
import { pictureUrl } from './picture-url.js';
import type { Situation } from './situation.js';

/**
 * Grey pictures and a red one at the end, and who asks when one is red, and when blue.
 *
 * @param letters whether grain makes many letters of the pictures' addresses: about 8,000 instead of 750 each.
 */
export async function probeSituation(pictures: number, letters: 'many' | 'few'): Promise<Situation> {
  const questions = ['Tell me when the picture is all red.', 'Tell me when the picture is all blue.'];
  const urlOf = (picture: Picture): Promise<string> => pictureUrl(picture, 80);
  const grey = await urlOf(grain([140, 140, 140], letters === 'many' ? 20 : 0));
  const red = await urlOf(grain([240, 0, 0], letters === 'many' ? 60 : 0));
  return {
    ...{ systemPrompt: 'You look at a picture.', questions, lookAway: null },
    transcript: [{ by: 'assistant', text: 'The picture is grey.', time: null }],
    pictures: Array.from({ length: pictures }, (_, at) => ({
      url: at === pictures - 1 ? red : grey,
      time: null,
    })),
  };
}

/** A picture of one colour, some of whose pixels are darker, by at most `depth`: the same every time. */
function grain(colour: readonly number[], depth: number): Picture {
  let state = 1;
  const rgb = new Uint8Array(side * side * 3);
  for (let at = 0; at < rgb.length; at += 3) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const darker = ((state >>> 24) * depth) >> 8;
    rgb.set(
      colour.map((value) => Math.max(0, value - darker)),
      at,
    );
  }
  return { width: side, height: side, rgb };
}

/** Pixels: some engines refuse smaller pictures. */
const side = 224;
