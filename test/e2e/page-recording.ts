/**
 * Makes the moving picture of the README: the bundled model on a bundled clip in a real browser, a few
 * pictures a second, as an animated WebP made by ffmpeg.
 *
 *     npm run build && npx tsx test/e2e/page-recording.ts [sample] [question] [file]
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { loadConfig } from '../../server/config.js';
import { startServer } from '../../server/main.js';
import { packageFolder } from '../../server/package-folder.js';
import { locateFfmpeg } from '../../server/video/ffmpeg/binary.js';
import { chromiumPath, launchChromium, withoutChromium } from '../support/chromium.js';

const [
  sample = 'street',
  question = 'What is happening?',
  file = join(packageFolder, 'docs', 'images', 'watching.webp'),
] = process.argv.slice(2);

/** Pictures of a second, and how many there are. */
const rate = 2;
const pictures = 44;

/** Takes pictures at even times of the video; asks once a quarter of them is there. */
async function record(page: Page, folder: string): Promise<void> {
  await page.click(`[data-sample="${sample}"]`);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  for (let index = 0; index < pictures; index += 1) {
    await page.waitForFunction(
      (seconds) => (document.querySelector<HTMLVideoElement>('video#video')?.currentTime ?? 0) >= seconds,
      0.2 + index / rate,
      { timeout: 60_000 },
    );
    if (index === pictures / 4) {
      await page.fill('#message', question);
      await page.press('#message', 'Enter');
    }
    await writeFile(join(folder, `${String(index).padStart(3, '0')}.png`), await page.screenshot());
  }
}

async function encode(folder: string): Promise<void> {
  const { path } = await locateFfmpeg();
  const input = [
    '-framerate',
    String(rate),
    '-i',
    join(folder, '%03d.png'),
    '-vf',
    'scale=960:-2:flags=lanczos',
  ];
  const output = ['-c:v', 'libwebp_anim', '-loop', '0', '-quality', '60', '-compression_level', '4', file];
  await promisify(execFile)(path, ['-v', 'error', '-y', ...input, ...output]);
}

async function main(): Promise<void> {
  if (chromiumPath === null) throw new Error(withoutChromium);
  const folder = await mkdtemp(join(tmpdir(), 'duet-recording-'));
  const config = await loadConfig({ flags: { port: 0, record: 'off' }, environment: process.env });
  const server = await startServer(config, console.error, new AbortController().signal);
  const browser = await launchChromium(chromiumPath);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(server.url);
    await record(page, folder);
    await encode(folder);
    console.log(`${file}: ${Math.ceil((await stat(file)).size / 1000)} kB`);
  } finally {
    await browser.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
