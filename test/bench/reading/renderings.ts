import sharp from 'sharp';
import { detailSide } from '../../../server/duet/reading/session-reading.js';
import type { OnnxReader } from '../../../server/runtime/onnx/reader/onnx-reader.js';

/**
 * Draws words over photographs, with capitals of so many pixels in the picture that is read, and counts those
 * that are read letter by letter. Printed words are easier than signs: these figures are for size alone.
 */
export async function readRenderings(reader: OnnxReader, photographs: readonly string[]): Promise<object> {
  const rows: { capitals: number; drawn: number; verbatim: number; butForSpaces: number }[] = [];
  for (const capitals of heights) {
    let [drawn, verbatim, butForSpaces] = [0, 0, 0];
    for (const [index, path] of photographs.entries()) {
      const word = words[index % words.length] ?? '';
      const lines = await reader.read(await withWord(path, word, capitals), []);
      drawn += 1;
      verbatim += Number(lines.some(({ text }) => text === word));
      butForSpaces += Number(lines.some(({ text }) => text.replaceAll(' ', '') === word.replaceAll(' ', '')));
    }
    rows.push({ capitals, drawn, verbatim, butForSpaces });
  }
  return rows;
}

/** Pixels. */
const heights = [5, 6, 7, 8, 10, 12, 16, 24, 40];

const words = ['EXIT', 'Platform 9', 'SALE', 'Reception', 'Gate 42', 'WELCOME', 'Room 318'];

async function withWord(path: string, word: string, capitals: number) {
  // Capitals of this family are 0.73 of its size.
  const size = capitals / 0.73;
  const [width, height] = [Math.ceil(size * word.length * 0.8 + size), Math.ceil(size * 1.6)];
  const label = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="100%" height="100%" fill="#f4f1e4"/>
    <text x="50%" y="${size * 1.15}" font-family="DejaVu Sans" font-size="${size}" text-anchor="middle" fill="#1d2733">${word}</text></svg>`;
  const { data, info } = await sharp(path)
    .resize(detailSide, (detailSide * 9) / 16, { fit: 'cover' })
    .flatten({ background: 'black' })
    .composite([{ input: Buffer.from(label), left: 420, top: 240 }])
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}
