/**
 * The way of a newcomer with OBS, with a stopwatch: the server, the overlay, the page, and a stream that
 * ffmpeg pushes in place of OBS; then a reload, a second tab, and a server that is killed and started again.
 *
 *     npm run build && npx tsx test/e2e/obs-journey.ts [folder for pictures] [clip]
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { packageFolder } from '../../server/package-folder.js';
import { chromiumPath, launchChromium, withoutChromium } from '../support/chromium.js';
import { ffmpeg } from '../support/clips.js';
import { FfmpegSender, freePort } from '../support/live-senders.js';

/**
 * Plays the journey and resolves with its steps; with a folder, pictures of the overlay are written there.
 */
export async function playObsJourney(plan: JourneyPlan): Promise<readonly JourneyStep[]> {
  const records = await mkdtemp(join(tmpdir(), 'duet-journey-'));
  const places = { port: await freePort(), rtmp: await freePort(), records };
  const browser = await launchChromium(plan.chromium);
  const watch = new Stopwatch();
  let server = await serveDuet(places);
  try {
    const url = `http://127.0.0.1:${places.port}`;
    watch.step('the server listens', url);
    const overlay = await openOverlay(browser, url);
    {
      await using stream = await streamFromObs(browser, url, plan.clip);
      watch.step('OBS streams', await stream.page.textContent('#status'));
      watch.step('a caption is shown', await nextCaption(overlay));
      await writePictures(overlay, plan);
      await overlay.reload();
      watch.step('it is shown again after a reload', await nextCaption(overlay));
      watch.step('a second tab shows it', await nextCaption(await openOverlay(browser, url)));
    }
    server.kill('SIGKILL');
    await once(server, 'exit');
    server = await serveDuet(places);
    await using stream = await streamFromObs(browser, url, plan.clip);
    watch.step('the server was killed, OBS streams again', await stream.page.textContent('#status'));
    watch.step('the same overlay goes on', await nextCaption(overlay));
  } finally {
    await browser.close();
    server.kill('SIGKILL');
    await rm(records, { recursive: true, force: true });
  }
  return watch.steps;
}

interface JourneyPlan {
  /** Path of Chromium. */
  readonly chromium: string;
  /** The video that plays in OBS. */
  readonly clip: string;
  /** Where to write pictures; default nowhere. */
  readonly folder?: string;
}

/** What was reached, what was to be seen then, and how long it took since the step before. */
interface JourneyStep {
  readonly name: string;
  readonly shown: string;
  readonly seconds: number;
}

class Stopwatch {
  readonly steps: JourneyStep[] = [];
  #since = performance.now();

  step(name: string, shown: string | null): void {
    const now = performance.now();
    this.steps.push({ name, shown: shown ?? '', seconds: (now - this.#since) / 1000 });
    this.#since = now;
  }
}

interface Places {
  readonly port: number;
  readonly rtmp: number;
  readonly records: string;
}

async function serveDuet({ port, rtmp, records }: Places): Promise<ChildProcess> {
  const command = join(packageFolder, 'dist', 'server', 'cli', 'main.js');
  const flags = ['--port', String(port), '--ingest-rtmp', `127.0.0.1:${rtmp}`, '--record', records];
  const server = spawn(process.execPath, [command, 'serve', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const said of server.stdout) if (/listening on/.test(String(said))) break;
  return server;
}

async function openOverlay(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.addInitScript('globalThis.obsstudio = {}');
  await page.goto(`${url}/overlay`);
  return page;
}

/**
 * What a person does on the page and in OBS: asks for a place, pastes server and key, starts, asks a
 * question.
 */
async function streamFromObs(browser: Browser, url: string, clip: string): Promise<ObsStream> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.click('[data-protocol="rtmp"]');
  await page.waitForSelector('#waiting');
  await page.fill('#message', 'What is happening?');
  await page.press('#message', 'Enter');
  const [server, key] = [await page.inputValue('#sender-url'), await page.inputValue('#sender-key')];
  const input = ['-re', '-stream_loop', '-1', '-i', clip, '-an', '-c:v', 'libx264', '-preset', 'ultrafast'];
  const output = ['-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-f', 'flv', `${server}/${key}`];
  const sender = new FfmpegSender(output, input);
  await page.waitForSelector('#stage[data-phase="running"]', { timeout: patienceMs });
  return {
    page,
    [Symbol.asyncDispose]: async () => {
      await sender[Symbol.asyncDispose]();
      await page.close();
    },
  };
}

interface ObsStream extends AsyncDisposable {
  readonly page: Page;
}

/** The caption that is shown, or the next that comes; read at once, for it goes by itself. */
async function nextCaption(overlay: Page): Promise<string> {
  const linesShown = (): string =>
    Array.from(document.querySelectorAll('.line'), ({ textContent }) => textContent).join(' / ');
  return (await overlay.waitForFunction(linesShown, null, { timeout: patienceMs })).jsonValue();
}

/** For a model on a busy machine. */
const patienceMs = 120_000;

/** As OBS composes it: the page without a background, and over a picture of the clip. */
async function writePictures(overlay: Page, { folder, clip }: JourneyPlan): Promise<void> {
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  const words = await overlay.screenshot({ omitBackground: true, path: join(folder, 'transparent.png') });
  const below = join(folder, 'below.png');
  const still = ['-ss', '4', '-i', clip, '-frames:v', '1', '-vf', 'scale=1920:1080', '-y', below];
  await promisify(execFile)(ffmpeg.path, ['-v', 'error', '-nostdin', ...still]);
  await sharp(below)
    .composite([{ input: words }])
    .png()
    .toFile(join(folder, 'over-picture.png'));
}

async function main([
  folder,
  clip = join(packageFolder, 'samples', 'clips', 'street.mp4'),
]: readonly string[]): Promise<void> {
  if (chromiumPath === null) throw new Error(withoutChromium);
  const steps = await playObsJourney({
    chromium: chromiumPath,
    clip,
    ...(folder !== undefined && { folder }),
  });
  for (const { name, shown, seconds } of steps)
    console.log(`${seconds.toFixed(1).padStart(6)} s  ${name}: ${shown}`);
  const total = steps.reduce((sum, { seconds }) => sum + seconds, 0);
  console.log(`${total.toFixed(1).padStart(6)} s  in all`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
