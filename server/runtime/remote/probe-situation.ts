import type { Picture } from '../../video/frame.js';
import { pictureUrl } from './picture-url.js';
import type { Situation } from './situation.js';

/**
 * Grey pictures and a coloured one at the end, and a user who asks when one is red, and when blue. Grain
 * makes about 8,000 letters of each picture's address where the newest is red; where it is blue, they have
 * 750.
 */
export async function probeSituation(pictures: number, newest: 'red' | 'blue'): Promise<Situation> {
  const [colour, others] =
    newest === 'red' ? [grain([240, 0, 0], 60), grain(grey, 20)] : [grain([0, 0, 240], 0), grain(grey, 0)];
  const [shown, before] = await Promise.all([pictureUrl(colour, 80), pictureUrl(others, 80)]);
  const urls = Array.from({ length: pictures }, (_, at) => (at === pictures - 1 ? shown : before));
  return {
    ...{ systemPrompt: 'You look at a picture.', lookAway: null },
    questions: ['Tell me when the picture is all red.', 'Tell me when the picture is all blue.'],
    transcript: [{ by: 'assistant', text: 'The picture is grey.', time: null }],
    pictures: urls.map((url) => ({ url, time: null })),
  };
}

const grey = [140, 140, 140];

/** A picture of one colour, whose pixels are darker by at most `depth`: the same every time. */
function grain(colour: readonly number[], depth: number): Picture {
  let state = 1;
  const rgb = new Uint8Array(side * side * 3);
  for (let at = 0; at < rgb.length; at += 3) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const darker = ((state >>> 24) * depth) >> 8;
    for (const [channel, value] of colour.entries()) rgb[at + channel] = Math.max(0, value - darker);
  }
  return { width: side, height: side, rgb };
}

/** Pixels: some engines refuse smaller pictures. */
const side = 224;
