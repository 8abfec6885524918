/**
 * Measures the page in a real browser: what loading it takes, and what memory a tab takes after hours of a
 * stream that the browser cannot play, with all that is told of it. The messages are of a scripted server, as
 * fast as the page shows them: two frames a second, a reply every ten, a picture for every frame.
 *
 *   npm run build && npx tsx test/soak/page-memory.ts [hours, default 6]
 */
import type { CDPSession, Page } from 'playwright-core';
import sharp from 'sharp';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { chromiumPath, launchChromium, withoutChromium } from '../support/chromium.js';
import { done, frame, opened, sourceOpened, started } from '../client/wire-events.js';
import { startBuiltServer } from './built-server.js';

const hours = Number(process.argv[2] ?? 6);
const fps = 2;

/** What a stream of so many seconds is told of, from one frame to another. */
function told(from: number, to: number): readonly ServerMessage[] {
  return Array.from({ length: to - from }, (_, step) => from + step).flatMap((index) => {
    const at = { video_time: index / fps, frame_index: index };
    const score = (index % 20) / 20;
    const fired = index % (10 * fps) === 0;
    const scored = frame({ ...at, informative_score: score, score, fired });
    if (!fired) return [scored];
    const reply = { ...at, response_id: `r${index}` };
    const text = `At ${index / fps} seconds something happens on the left, and somebody comes in.`;
    return [scored, started(reply), done({ ...reply, text })];
  });
}

interface Memory {
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** Megabytes of JavaScript, elements and listeners, once all garbage is gone. */
async function memoryOf(devtools: CDPSession): Promise<Memory> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return { heap: value('JSHeapUsedSize') / 1e6, nodes: value('Nodes'), listeners: value('JSEventListeners') };
}

/**
 * Bytes over the line and milliseconds until a sample can be chosen; the median of a few loads without a
 * cache.
 */
async function measureLoading(page: Page, url: string): Promise<void> {
  const times: number[] = [];
  let bytes = 0;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  for (let load = 0; load < 7; load += 1) {
    bytes = 0;
    await page.goto(url, { waitUntil: 'commit' });
    const ready = await page.waitForFunction(() =>
      document.querySelector('[data-sample]') === null ? null : performance.now(),
    );
    times.push(Number(await ready.jsonValue()));
    await page.waitForLoadState('load');
    await page.waitForTimeout(500);
  }
  const [median = NaN] = times.toSorted((one, other) => one - other).slice(3);
  console.log(
    `loading: ${(bytes / 1000).toFixed(0)} kB, a sample can be chosen after ${median.toFixed(0)} ms`,
  );
}

async function measureMemory(page: Page, url: string): Promise<void> {
  let send: (messages: readonly ServerMessage[]) => void = () => undefined;
  let pictures = 0;
  await page.routeWebSocket(/\/v1\/duet$/, (route) => {
    let seq = 0;
    send = (messages) => {
      for (const message of messages) route.send(JSON.stringify({ ...message, seq: (seq += 1) }));
    };
    route.onMessage((data) => {
      const { type } = JSON.parse(data.toString()) as { type: string };
      if (type === 'session.open') send([opened()]);
      if (type === 'source.start')
        send([
          sourceOpened({
            info: { width: 640, height: 360, fps: 25, duration: null, codec: 'h264', live: true },
          }),
        ]);
    });
  });
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const create = { width: 640, height: 360, channels: 3, background: '#000', noise } as const;
  const jpeg = await sharp({ create }).jpeg().toBuffer();
  await page.route(/picture\.jpg/, (route) => {
    pictures += 1;
    const headers = { 'duet-picture': String(pictures), 'duet-video-time': String(pictures / fps) };
    return route.fulfill({ contentType: 'image/jpeg', headers, body: jpeg });
  });
  await page.goto(`${url}/?source=${encodeURIComponent('rtsp://127.0.0.1/camera')}`);
  await page.click('#start:has-text("Start")');
  await page.waitForSelector('#stage[data-phase="running"]');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  const perHour = 3600 * fps;
  for (let index = 0; index < hours * perHour; index += 100) {
    send(told(index, index + 100));
    await page.waitForFunction(
      (frames) => document.querySelector('#health')?.textContent.includes(`${frames} frames`) === true,
      index + 100,
    );
    if ((index + 100) % (perHour / 2) !== 0) continue;
    const { heap, nodes, listeners } = await memoryOf(devtools);
    const hour = ((index + 100) / perHour).toFixed(1);
    console.log(
      `${hour} h: ${heap.toFixed(1)} MB, ${nodes} nodes, ${listeners} listeners, ${pictures} pictures`,
    );
  }
}

async function main(): Promise<void> {
  if (chromiumPath === null) throw new Error(withoutChromium);
  const { server, url } = await startBuiltServer([
    '--model',
    'duet-nano',
    '--record',
    'off',
    '--allow-private-urls',
  ]);
  const browser = await launchChromium(chromiumPath);
  try {
    await measureLoading(await browser.newPage(), url);
    await measureMemory(await browser.newPage(), url);
  } finally {
    await browser.close();
    server.kill();
  }
}

await main();
