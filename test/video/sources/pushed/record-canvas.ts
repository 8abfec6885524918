/**
 * Records a canvas with the MediaRecorder of an installed Chromium, as web pages do, and writes the chunks as
 * they came to test/video/sources/pushed/recorded: a WebM with VP8 and a tone, and an MP4 where this Chromium
 * makes one. A bar moves over the canvas; half a minute.
 *
 *   npx tsx test/video/sources/pushed/record-canvas.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumPath, launchChromium, withoutChromium } from '../../../support/chromium.js';

const kinds = { webm: 'video/webm;codecs="vp8,opus"', mp4: 'video/mp4;codecs="vp9,opus"' };
const folder = join(import.meta.dirname, 'recorded');

if (chromiumPath === null) throw new Error(withoutChromium);
const browser = await launchChromium(chromiumPath);
try {
  const page = await browser.newPage();
  for (const [name, type] of Object.entries(kinds)) {
    const chunks = await page.evaluate(recordCanvas, type);
    if (chunks === null) {
      process.stdout.write(`${name}: this Chromium records none\n`);
      continue;
    }
    const bytes = chunks.map((chunk) => Buffer.from(chunk, 'base64'));
    writeFileSync(join(folder, `canvas.${name}`), Buffer.concat(bytes));
    writeFileSync(
      join(folder, `canvas-${name}.json`),
      `${JSON.stringify(bytes.map(({ length }) => length))}\n`,
    );
    process.stdout.write(`${name}: ${bytes.length} chunks, ${Buffer.concat(bytes).length} bytes\n`);
  }
} finally {
  await browser.close();
}

/** Runs in the page: four seconds in chunks of 200 ms, in base64; null where the type is not supported. */
async function recordCanvas(type: string): Promise<string[] | null> {
  if (!MediaRecorder.isTypeSupported(type)) return null;
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 120;
  const paint = canvas.getContext('2d');
  const began = performance.now();
  const painting = setInterval(() => {
    const seconds = (performance.now() - began) / 1000;
    paint?.fillRect(0, 0, 160, 120);
    if (paint) paint.fillStyle = 'white';
    paint?.fillRect(seconds * 30, 0, 20, 120);
    if (paint) paint.fillStyle = 'black';
  }, 40);
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const target = sound.createMediaStreamDestination();
  tone.connect(target);
  tone.start();
  const stream = new MediaStream([...canvas.captureStream(25).getTracks(), ...target.stream.getTracks()]);
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 100_000 });
  const blobs: Blob[] = [];
  recorder.ondataavailable = ({ data }) => blobs.push(data);
  recorder.start(200);
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await new Promise((resolve) => {
    recorder.onstop = resolve;
    recorder.stop();
  });
  clearInterval(painting);
  return Promise.all(
    blobs.map(async (blob) => {
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    }),
  );
}
