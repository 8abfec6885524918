import { rm } from 'node:fs/promises';
import sharp from 'sharp';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../records/recorded-session.js';
import { buildPage } from '../support/built-page.js';
import { chromiumPath, launchChromium } from '../support/chromium.js';
import { modelByBrightness } from '../support/duet-session.js';
import { fakeFrames, FakeStream } from '../support/fake-stream.js';
import { startPageServer } from '../support/page-server.js';
import { TestClient } from '../transport/test-client.js';
import { startTestServer, temporaryFolder, type TestServerOptions } from '../transport/test-server.js';
import { complaints, expectInSight } from './page-faults.js';
import { start, testClip } from './page-world.js';

let browser: Browser;
let pageFolder: string;

const kite = 'A red kite appears at the top and drifts to the left.';
const boats = 'Two white boats come into view behind the pier.';

/** A server with the overlay, on which every video makes the model say the next of these. */
function startSpeaking(replies: readonly string[], options: TestServerOptions = {}) {
  const model = modelByBrightness({ replies });
  const stream = (): FakeStream => new FakeStream(fakeFrames([90]));
  return startTestServer({ model, stream, pageFolder, mayListSessions: true, ...options });
}

async function speak(client: TestClient): Promise<void> {
  client.send({ type: 'source.start', source: { type: 'sample', name: 'any' } });
  await client.next('source.ended');
}

/** Opens an overlay; the test fails when it throws, or breaks its security policy. */
async function openOverlay(url: string, query = '', inObs = true): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 960, height: 540 } });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => {
    const expected = /the server responded with a status of|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE/.test(
      line.text(),
    );
    if (line.type() === 'error' && !expected) faults.push(line.text());
  });
  onTestFinished(async () => {
    await page.close();
    expect(faults).toEqual([]);
  });
  if (inObs) await page.addInitScript('globalThis.obsstudio = { pluginVersion: "2.24.0" }');
  await page.goto(`${url}/overlay${query}`);
  return page;
}

function linesOn(page: Page): Promise<readonly string[]> {
  return page.locator('.line, .message').allTextContents();
}

async function expectLines(page: Page, lines: readonly string[]): Promise<void> {
  await expect.poll(() => linesOn(page), { timeout: 30_000 }).toEqual(lines);
}

const kiteLines = ['A red kite appears at the', 'top and drifts to the left.'];

describe.skipIf(chromiumPath === null)('the overlay', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    pageFolder = await buildPage();
    browser = await launchChromium(chromiumPath ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await rm(pageFolder, { recursive: true, force: true });
  });

  test('captions the newest session in two lines, clears them, and shows the last again after a reload', async () => {
    const { url } = await startSpeaking([kite, boats]);
    const page = await openOverlay(url);
    const other = await openOverlay(url, '?style=chat');
    const client = await TestClient.open(url);
    await speak(client);
    await expectLines(page, kiteLines);
    await expectLines(other, [kite]);
    await expectLines(page, []);
    await page.reload();
    await expectLines(page, kiteLines);
    await expectLines(page, []);
    await speak(client);
    await expectLines(page, ['Two white boats come into', 'view behind the pier.']);
    await expectLines(other, [kite, boats]);
  });

  test('goes on after a restart of the server, and misses nothing', async () => {
    const folder = await temporaryFolder();
    const first = await startSpeaking([kite], { records: await openStore(folder) });
    const client = await TestClient.open(first.url);
    client.send({ type: 'session.share' });
    const { token } = await client.next('session.shared');
    const page = await openOverlay(first.url, `?style=chat&token=${token}`);
    await speak(client);
    await expectLines(page, [kite]);
    await first.close();
    const port = Number(new URL(first.url).port);
    const { url } = await startSpeaking([boats], { records: await openStore(folder), port });
    const again = await TestClient.connect(url);
    again.send({ type: 'session.resume', session_id: client.sessionId, after_seq: 0 });
    await again.next('session.resumed');
    await speak(again);
    await expectLines(page, [kite, boats]);
  });

  test('shows what strangers write as text alone, keeps its token to itself, and is bounded', async () => {
    const evil = '<img src=x onerror=alert(1)> & <b>bold</b>';
    const logged: string[] = [];
    const { url } = await startSpeaking([evil], { log: (message) => logged.push(message) });
    const client = await TestClient.open(url);
    client.send({ type: 'session.share' });
    const { token } = await client.next('session.shared');
    const page = await openOverlay(url, '?token=none&user=1');
    const asked: { readonly url: string; readonly referer: string | undefined }[] = [];
    page.on('request', (request) => {
      asked.push({ url: request.url(), referer: request.headers()['referer'] });
    });
    await page.goto(`${url}/overlay?token=${token}&style=chat&user=1&messages=4`);
    client.send({ type: 'user.text', text: '</p><script>alert(2)</script>' });
    await speak(client);
    await expectLines(page, ['</p><script>alert(2)</script>', evil]);
    for (let count = 0; count < 30; count += 1) await speak(client);
    await expectLines(page, [evil, evil, evil, evil]);
    expect(await page.locator('#words *').count()).toBe(4);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter(({ referer = '' }) => referer !== '')).toEqual([]);
    expect(asked.filter(({ url }) => !url.startsWith(new URL(page.url()).origin))).toEqual([]);
    expect(logged.join('\n')).not.toContain(token);
  });

  test('only says in a tab, never in OBS, why it is empty', async () => {
    const { url } = await startSpeaking([kite]);
    const [tab, obs] = [
      await openOverlay(url, '?token=follow_gone', false),
      await openOverlay(url, '?token=follow_gone'),
    ];
    await tab.waitForSelector('#hint:has-text("Waiting for Duet")');
    expect(await obs.isVisible('#hint')).toBe(false);
    const waiting = await openOverlay(url, '', false);
    await waiting.waitForSelector('#hint:has-text("Connected")');
    const [kites, dogs] = [
      await openOverlay(url, '?questions=is%20there%20a%20KITE', false),
      await openOverlay(url, '?questions=dogs', false),
    ];
    const client = await TestClient.open(url);
    await kites.waitForSelector('#hint:has-text("nobody has asked “is there a KITE”")');
    client.send({ type: 'question.add', text: 'Is there a kite?' });
    await dogs.waitForSelector('#hint:has-text("nobody has asked “dogs”. Asked so far: “Is there a kite?”")');
    await kites.waitForSelector('#hint:has-text("What is said appears here")');
    await speak(client);
    await expectLines(waiting, kiteLines);
    await expectLines(kites, kiteLines);
    expect([await waiting.isVisible('#hint'), await kites.isVisible('#hint')]).toEqual([false, false]);
    expect(await linesOn(dogs)).toEqual([]);
  });

  test('looks as its address says, and is transparent around the words', async () => {
    const { url } = await startSpeaking([kite]);
    await speak(await TestClient.open(url));
    const page = await openOverlay(
      url,
      '?stay=forever&position=top&align=right&size=8&color=ffcc00&background=rgb(0 0 99)',
    );
    await expectLines(page, kiteLines);
    const look = await page
      .locator('.line')
      .first()
      .evaluate((line) => {
        const { color, backgroundColor, fontSize } = getComputedStyle(line);
        const { right, top } = line.getBoundingClientRect();
        return { color, backgroundColor, fontSize, right: Math.round(right), top: Math.round(top) };
      });
    expect(look).toMatchObject({ color: 'rgb(255, 204, 0)', backgroundColor: 'rgb(0, 0, 99)' });
    // 8 % of 540 would let 42 columns not fit into 960.
    expect(look).toMatchObject({ fontSize: '35.52px', right: 922, top: 22 });
    const { data, info } = await sharp(await page.screenshot({ omitBackground: true }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const alphaAt = (x: number, y: number): number | undefined =>
      data[(y * info.width + x) * info.channels + 3];
    expect([info.channels, alphaAt(5, 5), alphaAt(480, 500), alphaAt(900, 40)]).toEqual([4, 0, 0, 255]);
  });

  test.each([
    ['a desktop', { viewport: { width: 1440, height: 900 } }],
    ['a phone in dark colours', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const],
  ])('has its address on the page, on %s, with a token that reads the session', async (_name, screen) => {
    const clips = { 'little-clip': testClip() };
    const server = await startPageServer({ clips, question: 'What?', pageFolder });
    const page = await browser.newPage(screen);
    onTestFinished(async () => {
      await page.close();
      await server.close();
    });
    await page.goto(server.url);
    await page.click('[data-sample="little-clip"]');
    await start(page);
    await page.focus('#overlay');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.inputValue('#overlay-address'), { timeout: 20_000 })
      .toMatch(/^http:.*\/overlay\?token=follow_/);
    await expectInSight(page, '[data-copies="overlay-address"]');
    expect(await complaints(page)).toEqual([]);
    const { origin, search } = new URL(await page.inputValue('#overlay-address'));
    const overlay = await openOverlay(origin, search);
    await overlay.waitForSelector('.line');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#overlay:focus');
    expect(await page.isVisible('#overlay-panel')).toBe(false);
  });

  test('takes no more memory after two thousand replies than after two hundred', async () => {
    const values = Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 90 : 10));
    const replies = Array.from({ length: 50 }, (_, number) => `${kite} ${'Number '.repeat(20)}${number}.`);
    const { url } = await startSpeaking(replies, { stream: () => new FakeStream(fakeFrames(values)) });
    const client = await TestClient.open(url);
    const page = await openOverlay(url, '?style=chat');
    const profiler = await page.context().newCDPSession(page);
    await profiler.send('Performance.enable');
    const held = async (): Promise<{ readonly nodes: number; readonly bytes: number }> => {
      const last = client.received.findLast((message) => message.type === 'response.done');
      await expect.poll(async () => (await linesOn(page)).at(-1), { timeout: 60_000 }).toBe(last?.text);
      await profiler.send('HeapProfiler.collectGarbage');
      const { metrics } = await profiler.send('Performance.getMetrics');
      const figure = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
      return { nodes: figure('Nodes'), bytes: figure('JSHeapUsedSize') };
    };
    await speak(client);
    const before = await held();
    for (let count = 0; count < 9; count += 1) await speak(client);
    expect(client.received.filter(({ type }) => type === 'response.done').length).toBeGreaterThan(1900);
    // A browser may hold what was removed last until it has painted again.
    await expect
      .poll(async () => (await held()).nodes, { timeout: 30_000 })
      .toBeLessThanOrEqual(before.nodes + 10);
    expect((await held()).bytes - before.bytes).toBeLessThan(200_000);
  });

  test('holds 42 columns of any script on a narrow page', async () => {
    const wide = `${'W'.repeat(20)} ${'M'.repeat(20)} ${'漢字'.repeat(21)}`;
    const { url } = await startSpeaking([wide]);
    await speak(await TestClient.open(url));
    const page = await openOverlay(url, '?stay=forever');
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => page.locator('.line').count()).toBe(2);
    const overflow = await page
      .locator('.line')
      .evaluateAll((lines) =>
        lines.filter(
          (line) => line.getBoundingClientRect().left < 0 || line.getBoundingClientRect().right > innerWidth,
        ),
      );
    expect(overflow).toHaveLength(0);
  });
});
