/**
 * Shows the page a webcam of real pictures, as a newcomer would: the bundled models and the sample of
 * photographs (or a video of your own) as the camera of a real browser. Prints what was said, and makes a
 * picture of the page.
 *
 *     npm run build && npx tsx test/e2e/webcam-screenshot.ts [video] [question] [seconds] [file]
 */
import { join } from 'node:path';
import { loadConfig } from '../../server/config.js';
import { startServer } from '../../server/main.js';
import { packageFolder } from '../../server/package-folder.js';
import { chromiumPath, launchChromium, withoutChromium } from '../support/chromium.js';
import { makeFile } from '../support/clips.js';
import { readTurns } from './read-page.js';

const [
  video = join(packageFolder, 'samples', 'clips', 'gallery.mp4'),
  question = 'What is happening?',
  seconds = '40',
  file = 'webcam.png',
] = process.argv.slice(2);

async function main(): Promise<void> {
  if (chromiumPath === null) throw new Error(withoutChromium);
  const camera = makeFile(['-i', video, '-pix_fmt', 'yuv420p'], 'y4m');
  const config = await loadConfig({ flags: { port: 0, record: 'off' }, environment: process.env });
  const server = await startServer(config, console.error, new AbortController().signal);
  const browser = await launchChromium(chromiumPath, camera);
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(server.url);
    await page.click('[data-films="webcam"]');
    await page.waitForSelector('#stage[data-phase="running"]');
    await page.fill('#message', question);
    await page.press('#message', 'Enter');
    await page.waitForTimeout(Number(seconds) * 1000);
    await page.screenshot({ path: file });
    console.log(
      `${(await page.textContent('#health')) ?? ''}: ${(await page.textContent('#about-model')) ?? ''}`,
    );
    for (const { kind, time, text, status } of await readTurns(page))
      console.log(`${kind} ${time} ${text}${status === 'completed' ? '' : ` [${status}]`}`);
    console.log(file);
  } finally {
    await browser.close();
    await server.close();
  }
}

await main();
