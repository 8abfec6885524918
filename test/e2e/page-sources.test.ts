import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath } from '../support/chromium.js';
import { makeFile } from '../support/clips.js';
import { HttpPages, sendFile } from '../support/http-pages.js';
import { complaints } from './page-faults.js';
import { desktop, PageWorld, phone, start, testClip, unplayableClip } from './page-world.js';

let world: PageWorld;

/** The time of the picture that is shown in place of a video, in seconds; NaN before the first. */
const seenTime = (page: Page): Promise<number> =>
  page.locator('#seen').evaluate((canvas) => Number(canvas.dataset['videoTime'] ?? NaN));

/** Waits until two pictures were shown in place of the video, in its shape. */
async function seesPictures(page: Page): Promise<void> {
  await page.waitForSelector('#seen', { state: 'visible' });
  const times = new Set<number>();
  await vi.waitFor(
    async () => {
      times.add(await seenTime(page));
      expect(times.size).toBeGreaterThan(2);
    },
    { timeout: 30_000, interval: 100 },
  );
  const size = await page.locator('#seen').evaluate((canvas) => {
    return canvas instanceof HTMLCanvasElement ? [canvas.width, canvas.height] : null;
  });
  // The model itself takes them 2 pixels wide.
  expect(size).toEqual([480, 270]);
}

/** Lets something go over the page, wherever it is. */
async function drop(
  page: Page,
  what: { readonly file: string } | { readonly address: string },
): Promise<void> {
  const bytes = 'file' in what ? (await readFile(what.file)).toString('base64') : '';
  const address = 'address' in what ? what.address : '';
  await page.evaluate(
    ([encoded, link]) => {
      const data = new DataTransfer();
      const content = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
      if (link === '') data.items.add(new File([content], 'dropped.mp4', { type: 'video/mp4' }));
      else data.setData('text/uri-list', link);
      for (const type of ['dragover', 'drop']) {
        const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
        document.querySelector('header')?.dispatchEvent(event);
        if (type === 'dragover' && !event.defaultPrevented) throw new Error('it may not be dropped here');
      }
    },
    [bytes, address] as const,
  );
}

describe.skipIf(chromiumPath === null)('what the page can watch', { retry: 1 }, () => {
  beforeAll(async () => {
    const pattern = ['-f', 'lavfi', '-i', 'testsrc=s=320x240:r=10:d=2', '-pix_fmt', 'yuv420p'];
    world = await PageWorld.create(chromiumPath ?? '', { camera: makeFile(pattern, 'y4m') });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('a file that the browser cannot play is shown as the model sees it, picture by picture', async () => {
    const page = await world.open();
    await page.setInputFiles('#file', unplayableClip());
    await page.waitForSelector('#stage[data-phase="ready"]');
    await start(page);
    await seesPictures(page);
    expect(await page.textContent('#screen-note')).toBe('This browser cannot play it: as the model sees it');
    expect(await complaints(page)).toEqual([]);
    await page.waitForSelector('#stage[data-phase="ended"]');
    expect(await page.isVisible('#seen')).toBe(true);
  });

  test('an address is watched at once and shown as the model sees it', async () => {
    await using pages = await HttpPages.listen(sendFile(await readFile(testClip())));
    const page = await world.open();
    await page.fill('#address-field', `${pages.base}/clip.mp4?key=secret`);
    await page.press('#address-field', 'Enter');
    await page.waitForSelector('#stage[data-phase="running"]');
    expect(await page.textContent('#video-name')).toBe(`${pages.base}/clip.mp4`);
    await seesPictures(page);
  });

  test('an address that is none says how it is written, and nothing is asked of the server', async () => {
    const page = await world.blank(phone);
    await page.goto(world.url);
    await page.fill('#address-field', 'srt://host');
    await page.click('#address button');
    expect(await page.textContent('#address-hint')).toContain('Write it as in srt://host.example:9000');
    expect(await page.getAttribute('#address-field', 'aria-invalid')).toBe('true');
    expect(await complaints(page)).toEqual([]);
    await page.fill('#address-field', 'srt://host:1');
    expect(await page.getAttribute('#address-field', 'aria-invalid')).toBe('false');
  });

  test('a server that fetches no addresses says so before, with the flag that changes it', async () => {
    const page = await world.blank(desktop);
    await page.route('**/v1/sources', (route) =>
      route.fulfill({ json: { data: [{ type: 'upload', max_bytes: 9 }] } }),
    );
    await page.goto(world.url);
    await expect.poll(() => page.textContent('#address-hint')).toContain('--allow-urls');
    expect(await page.isDisabled('#address-field')).toBe(true);
    expect(await page.textContent('#ingest-hint')).toContain('--ingest-rtmp');
    await page.setInputFiles('#file', testClip());
    await page.waitForSelector('#problem:not([hidden])');
    expect(await page.textContent('#problem')).toContain('--max-upload-megabytes');
    expect(await complaints(page)).toEqual([]);
  });

  test('a file may be dropped anywhere, also over a video that is open; a link waits for a click', async () => {
    const page = await world.open();
    await drop(page, { file: testClip() });
    await page.waitForSelector('#stage[data-phase="ready"]');
    expect(await page.textContent('#video-name')).toBe('dropped.mp4');
    await drop(page, { address: 'http://127.0.0.1:9/clip.mp4' });
    await page.waitForSelector('#stage[data-phase="ready"]');
    expect(await page.textContent('#video-name')).toBe('http://127.0.0.1:9/clip.mp4');
    expect(await page.textContent('#start')).toBe('Start');
    await page.click('#start');
    await page.waitForSelector('#problem:not([hidden])');
  });

  test.each(['screen', 'window', 'pattern'])('a %s is watched once it is chosen', async (what) => {
    const page = await world.open();
    await page.click(`[data-films="${what}"]`);
    await page.waitForSelector('#stage[data-phase="running"]');
    await expect.poll(() => page.textContent('#health'), { timeout: 30_000 }).toMatch(/[3-9] frames/);
    expect(await page.isVisible('#seen')).toBe(false);
  });
});
