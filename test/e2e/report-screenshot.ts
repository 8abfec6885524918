/**
 * Makes the pictures of a benchmark's report in docs/benchmarks.md: the bundled model on the bundled test
 * set, in a real browser.
 *
 *     npm run build && npx tsx test/e2e/report-screenshot.ts [folder]
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { packageFolder } from '../../server/package-folder.js';
import { chromiumPath, launchChromium, withoutChromium } from '../support/chromium.js';

/** An example that most readers can read. */
const question = 'What do you see on the left?';
const [target = join(packageFolder, 'docs', 'images')] = process.argv.slice(2);

async function keep(name: string, screenshot: Buffer): Promise<void> {
  const picture = await sharp(screenshot).png({ palette: true, quality: 90, effort: 10 }).toBuffer();
  await writeFile(join(target, name), picture);
  console.log(`${join(target, name)}: ${Math.ceil(picture.length / 1000)} kB`);
}

async function main(): Promise<void> {
  if (chromiumPath === null) throw new Error(withoutChromium);
  const folder = await mkdtemp(join(tmpdir(), 'duet-report-'));
  const command = join(packageFolder, 'dist', 'server', 'cli', 'main.js');
  const args = [command, 'bench', 'magqa', '-o', folder, '--sweep', '0.05:0.9:0.05'];
  const run = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (run.status !== 0) throw new Error(`duet bench ended with ${run.status}`);
  const browser = await launchChromium(chromiumPath);
  try {
    const page = await browser.newPage({ viewport: { width: 1120, height: 860 } });
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
    await keep('report.png', await page.screenshot());
    const example = page.locator('#example-list > li').filter({ hasText: question }).first();
    await example.locator('summary').click();
    await keep('report-example.png', await example.screenshot());
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}

await main();
