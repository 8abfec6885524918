/**
 * Makes the picture of the page in the README: the bundled model on a bundled sample in a real browser.
 *
 *     npm run build && npx tsx test/e2e/page-screenshot.ts [sample] [question] [file]
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { loadConfig } from '../../server/config.js';
import { packageFolder } from '../../server/package-folder.js';
import { startServer } from '../../server/main.js';
import { chromiumPath, launchChromium, withoutChromium } from '../support/chromium.js';
import { readTurns } from './read-page.js';

const [
  sample = 'street',
  question = 'What shows up?',
  file = join(packageFolder, 'docs', 'images', 'page.png'),
] = process.argv.slice(2);

/** Asks when a quarter has been watched and waits until four fifths have. */
async function watch(page: Page): Promise<void> {
  await page.click(`[data-sample="${sample}"]`);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await watchUntil(page, 0.28);
  await page.fill('#message', question);
  await page.press('#message', 'Enter');
  await watchUntil(page, 0.82);
}

async function watchUntil(page: Page, part: number): Promise<void> {
  const reached = (least: number): boolean => {
    const video = document.querySelector<HTMLVideoElement>('video#video');
    return video !== null && video.currentTime >= least * video.duration;
  };
  await page.waitForFunction(reached, part, { timeout: 300_000 });
}

async function main(): Promise<void> {
  if (chromiumPath === null) throw new Error(withoutChromium);
  const config = await loadConfig({ flags: { port: 0 }, environment: process.env });
  const server = await startServer(config, console.error, new AbortController().signal);
  const browser = await launchChromium(chromiumPath);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(server.url);
    await watch(page);
    // Few colours are in the picture: a palette makes it a fraction of the size.
    const picture = await sharp(await page.screenshot())
      .png({ palette: true, quality: 95, effort: 10 })
      .toBuffer();
    await writeFile(file, picture);
    for (const { kind, time, text } of await readTurns(page)) console.log(`${kind} ${time} ${text}`);
    console.log(`${file}: ${Math.ceil(picture.length / 1000)} kB`);
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
