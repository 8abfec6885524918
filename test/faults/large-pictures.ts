/**
 * Pushes pictures of 33 megapixels (PNG files of some 450 KB, of one colour; every second one interlaced,
 * which cannot be read in stripes) into several sources at once, and prints by how many megabytes the process
 * grew at its peak.
 *
 *   npx tsx test/faults/large-pictures.ts [sources = 4] [pictures for each = 4]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { PushedPictures } from '../../server/video/sources/pushed/pushed-pictures.js';

const [, , sources = '4', pictures = '4', folder] = process.argv;
const names = ['plain.png', 'interlaced.png'];

if (folder === undefined) await makeAndMeasure();
else await measure(names.map((name) => readFileSync(join(folder, name))));

/** The pictures are made in another process than that which is measured. */
async function makeAndMeasure(): Promise<void> {
  const made = mkdtempSync(join(tmpdir(), 'duet-large-pictures-'));
  try {
    const canvas = { width: 7680, height: 4320, channels: 3 as const, background: '#c86432' };
    for (const [index, name] of names.entries()) {
      await sharp({ create: canvas })
        .png({ progressive: index === 1 })
        .toFile(join(made, name));
    }
    const script = [process.argv[1] ?? '', sources, pictures, made];
    process.stdout.write(execFileSync(process.execPath, ['--import', 'tsx', ...script]));
  } finally {
    rmSync(made, { recursive: true });
  }
}

async function measure(files: readonly Buffer[]): Promise<void> {
  const before = process.resourceUsage().maxRSS;
  const frames = await Promise.all(Array.from({ length: Number(sources) }, () => play(files)));
  const grownMegabytes = Math.round((process.resourceUsage().maxRSS - before) / 1024);
  process.stdout.write(
    `${JSON.stringify({ frames: frames.reduce((sum, n) => sum + n, 0), grownMegabytes })}\n`,
  );
}

async function play(files: readonly Buffer[]): Promise<number> {
  const source = new PushedPictures({ fps: 1, side: 128, queueLimit: Number(pictures) });
  for (let k = 0; k < Number(pictures); k += 1) {
    void source.push({ type: 'encoded', bytes: files[k % files.length] ?? Buffer.alloc(0) }, k);
  }
  source.end();
  let frames = 0;
  for await (const { picture } of source) frames += picture.rgb.length === 128 * 128 * 3 ? 1 : 0;
  return frames;
}
