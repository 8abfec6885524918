import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PageAssets } from '../../../server/scoring/report/html/page-shell.js';
import type { ReportPage } from '../../../server/scoring/report/html/report-page.js';
import { writeReportPage } from '../../../server/scoring/report/html/write-report-page.js';
import { chromiumPath, launchChromium, withoutChromium } from '../../support/chromium.js';
import { temporaryFiles } from '../../scoring/support/temporary-files.js';
import { builtAssets } from './built-assets.js';
import { goldenPage } from '../../scoring/report/html/golden-page.js';
import { emptyPage, silentExample } from '../../scoring/report/html/written-page.js';

if (chromiumPath === null) console.log(`The report in a browser: ${withoutChromium}`);

let assets: PageAssets;
let browser: Browser;

/** Opens a report from its file; the test fails when it asks for anything else, logs an error, or throws. */
async function open(content: ReportPage, width = 1280): Promise<Page> {
  const files = temporaryFiles();
  const file = files.write('report.html', '');
  await writeReportPage(content, file, { assets });
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const faults: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (line) => faults.push(line.text()));
  page.on('request', (request) => {
    if (request.url() !== address && request.url() !== 'data:,') faults.push(request.url());
  });
  onTestFinished(async () => {
    await page.close();
    files[Symbol.dispose]();
    expect(faults).toEqual([]);
  });
  await page.goto(address);
  return page;
}

/** How many colours a chart has: an empty canvas has one. */
function coloursOf(page: Page): Promise<number[]> {
  return page.locator('[data-chart] canvas').evaluateAll((canvases) =>
    canvases.map((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement)) return 0;
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      };
      const colours = new Set<string>();
      for (let at = 0; at < data.length; at += 4) colours.add(data.slice(at, at + 4).join());
      return colours.size;
    }),
  );
}

const rows = (page: Page): Promise<(string | null)[]> =>
  page
    .locator('#example-list > li')
    .evaluateAll((items) => items.map((item) => item.getAttribute('data-id')));

describe.skipIf(chromiumPath === null)('the report in a browser', () => {
  beforeAll(async () => {
    [assets, browser] = await Promise.all([builtAssets(), launchChromium(chromiumPath ?? '')]);
  });
  afterAll(() => browser.close());

  test('draws every chart, in the colours of either theme', async () => {
    const page = await open(await goldenPage());
    const light = await coloursOf(page);
    expect(light).toHaveLength(8);
    expect(Math.min(...light)).toBeGreaterThan(8);
    const picture = (): Promise<string> =>
      page
        .locator('canvas')
        .first()
        .evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''));
    const before = await picture();
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(picture).not.toBe(before);
    expect(Math.min(...(await coloursOf(page)))).toBeGreaterThan(8);
  });

  test('finds, sorts and filters examples, and shows more of them', async () => {
    const page = await open(await goldenPage());
    expect(await rows(page)).toHaveLength(50);
    await page.getByRole('button', { name: 'Show more' }).click();
    expect(await rows(page)).toHaveLength(100);
    await page.getByLabel('Search').fill('VID30X0003.12');
    expect(await rows(page)).toEqual(['vid30x0003.12.mp4']);
    expect(await page.textContent('#example-count')).toBe('1 of 200 examples match');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => rows(page)).toHaveLength(50);
    await page.getByLabel('Sort').selectOption('high');
    expect(await page.locator('.value').first().textContent()).toBe('5.00');
    await page.getByLabel('Tag').selectOption('length');
    await page.getByLabel('Label').selectOption('many');
    expect(await page.textContent('#example-count')).toMatch(/^1\d\d of 200 examples match, the first 50/);
  });

  test('draws a timeline when opened, also by keyboard, and reads out scores frame by frame', async () => {
    const page = await open(await goldenPage());
    expect(await page.locator('.timeline svg').count()).toBe(0);
    await page.locator('[data-id="vid30x0003.12.mp4"] summary').focus();
    await page.keyboard.press('Enter');
    const example = page.locator('[data-id="vid30x0003.12.mp4"]');
    await example.locator('.timeline-stage > svg').waitFor();
    expect(await example.locator('.gold rect').count()).toBe(4);
    expect(await example.locator('.mark.reply').count()).toBe(4);
    expect(await example.locator('.mark.question').count()).toBe(1);
    const path = await example.locator('.track.relevance').getAttribute('d');
    expect(path?.match(/[ML]/g)?.length).toBeGreaterThan(40);
    expect(await example.locator('.turn').allTextContents()).toContainEqual(
      '0:09.0ReplyAn old man throws the white table while smiling.rated 2, delivered at 0:09.4',
    );
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await example.locator('.readout').textContent()).toMatch(
      /^0:00\.5: informative 0\.\d+, relevance 0\.\d+$/,
    );
    await example.locator('summary').click();
    await expect.poll(() => page.locator('.timeline svg').count()).toBe(0);
  });

  test('shows what strangers wrote as the text it is', async () => {
    const hostile = '</script><img src=x onerror="document.title=1"><b>bold</b>';
    const page = await open({
      ...emptyPage,
      title: hostile,
      timelines: [
        {
          ...silentExample,
          id: hostile,
          gold: [{ span: [3, 1], content: 'reversed' }],
          replies: [{ time: -1, content: hostile, rating: null, deliveryTime: null }],
        },
      ],
    });
    expect(await page.textContent('h1')).toBe(hostile);
    await page.locator('.example summary').click();
    expect(await page.locator('.turn.reply .turn-text').textContent()).toBe(hostile);
    expect(await page.locator('.turn.reply .turn-time').textContent()).toBe('no time');
    expect(await page.locator('.turn.gold').textContent()).toContain('ends before it starts');
    expect(await page.locator('.readout').textContent()).toBe('No frame scores were recorded.');
    expect(await page.locator('img, b').count()).toBe(0);
  });

  test('at 360 pixels nothing is wider than the screen, and every control has a name', async () => {
    const page = await open(await goldenPage(), 360);
    await page.locator('.example summary').first().click();
    await page.locator('.timeline-stage > svg').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const names = await page
      .locator('button:visible, input:visible, select:visible')
      .evaluateAll((controls) =>
        controls.map((control) =>
          `${control.closest('label')?.textContent ?? ''}${control.textContent}`.trim(),
        ),
      );
    expect(names.filter((name) => name === '')).toEqual([]);
  });

  test('stays usable with 2000 examples of 400 frames', async () => {
    const frames = Array.from({ length: 400 }, (_, index) => {
      return { time: index / 2, informative: (index % 97) / 97, relevance: (index % 89) / 89 };
    });
    const timelines = Array.from({ length: 2000 }, (_, index) => ({
      ...silentExample,
      id: `number ${index}`,
      frames,
    }));
    const page = await open({ ...emptyPage, timelines });
    await page.getByLabel('Search').fill('number 1999');
    await page.locator('.example summary').click();
    await page.locator('.track.informative').waitFor();
    expect(await page.locator('main .notice').count()).toBe(0);
  });
});
