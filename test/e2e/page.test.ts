import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumPath, withoutChromium } from '../support/chromium.js';
import { writeFile } from '../support/clips.js';
import { PageWorld, start, startSample, testClip, unplayableClip } from './page-world.js';
import { picturesOfTheScreen, plotColours, readTurns, type ReadTurn } from './read-page.js';

if (chromiumPath === null) console.log(`The page in a browser: ${withoutChromium}`);

let world: PageWorld;

/** Asks again until it holds; frames arrive in real time. */
const eventually = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 30_000, interval: 100 });

const replies = async (page: Page): Promise<ReadTurn[]> =>
  (await readTurns(page)).filter(({ kind }) => kind === 'reply');

// The page runs in real time: a machine that stalls the browser for seconds gets a second chance, a fault
// fails twice.
describe.skipIf(chromiumPath === null)('the page in a browser', { retry: 1 }, () => {
  beforeAll(async () => {
    world = await PageWorld.create(chromiumPath ?? '');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('a sample plays, the model speaks by itself, a question asked midway stands among its replies, each with its time', async () => {
    const page = await world.open();
    await startSample(page);
    await eventually(async () => {
      expect(await replies(page)).toContainEqual(
        expect.objectContaining({ time: '00:01.0', status: 'completed' }),
      );
    });
    await page.fill('#message', 'And <i>then</i>?');
    await page.press('#message', 'Enter');
    await page.waitForSelector('#stage[data-phase="ended"]');
    const turns = await readTurns(page);
    expect(turns.map(({ kind }) => kind)).toEqual(['note', 'reply', 'question', 'reply', 'reply', 'note']);
    expect(turns[2]?.text).toBe('And <i>then</i>?');
    expect(turns[2]?.time).toMatch(/^00:0[1-3]\.[05]$/);
    expect(turns.slice(3, 5).map(({ time }) => time)).toEqual(['00:03.0', '00:05.0']);
    expect(turns[5]?.text).toBe('The video has ended: 14 frames watched, 3 replies');
    expect(await plotColours(page)).toBeGreaterThan(4);
    expect(await page.locator('.scrub-mark').count()).toBe(4);
    expect(await page.textContent('#announcer')).toContain('Duet at 00:05.0:');
  });

  test('the picture goes with the session, stands still while it is paused, and goes on', async () => {
    const page = await world.open();
    await startSample(page);
    const videoTime = (): Promise<number> =>
      page
        .locator('video#video')
        .evaluate((video) => (video instanceof HTMLVideoElement ? video.currentTime : -1));
    await eventually(async () => {
      expect(await videoTime()).toBeGreaterThan(1);
    });
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.waitForSelector('#stage[data-phase="paused"]');
    // What the model had before it, it finishes.
    await eventually(async () => {
      expect(await page.locator('[data-status="talking"]').count()).toBe(0);
    });
    await picturesOfTheScreen(page, 30);
    const held = await videoTime();
    const frames = await page.textContent('#health');
    await picturesOfTheScreen(page, 45);
    expect(await videoTime()).toBe(held);
    expect(await page.textContent('#health')).toBe(frames);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await eventually(async () => {
      expect(await videoTime()).toBeGreaterThan(held);
    });
    await page.waitForSelector('#stage[data-phase="ended"]');
    expect(Math.abs(Number(await page.getAttribute('#stage', 'data-drift')))).toBeLessThan(1);
  });

  test('changing the threshold while the video runs silences the model, and the plot shows both', async () => {
    const page = await world.open();
    await startSample(page);
    await eventually(async () => {
      expect(await page.textContent('#legend')).toContain('Threshold0.50');
    });
    await page.locator('#level').fill('0.95');
    await eventually(async () => {
      expect(await page.textContent('#readout')).toContain('is not above 0.95');
    });
    const before = (await replies(page)).length;
    await page.waitForSelector('#stage[data-phase="ended"]');
    expect((await replies(page)).length).toBe(before);
    await page.focus('#plot');
    await page.keyboard.press('Home');
    expect(await page.textContent('#readout')).toContain('is not above 0.50');
  });

  test('policy, heads, cooldown and remembered replies can be changed while the video runs', async () => {
    const page = await world.open();
    await startSample(page, 'long-clip');
    await page.getByRole('radio', { name: 'Sum' }).check();
    await page.getByRole('checkbox', { name: 'Relevance' }).check();
    await page.getByText('More', { exact: true }).click();
    await page.getByRole('radio', { name: 'Remember' }).check();
    await page.locator('#cooldown').fill('20');
    await eventually(async () => {
      expect(await page.textContent('#readout')).toMatch(
        /the sum .* since the last reply|pauses after its last reply/,
      );
    });
    await page.getByRole('checkbox', { name: 'Relevance' }).uncheck();
    await page.getByRole('checkbox', { name: 'Informative' }).click();
    expect(await page.getByRole('checkbox', { name: 'Informative' }).isChecked()).toBe(true);
    await page.getByRole('radio', { name: 'Never' }).check();
    await eventually(async () => {
      expect(await page.textContent('#readout')).toContain('told never to speak');
    });
  });

  test('a reply can be stopped while it is being written', async () => {
    const page = await world.open();
    await startSample(page);
    await page.getByRole('button', { name: 'Stop reply' }).click();
    await eventually(async () => {
      expect(await replies(page)).toContainEqual(expect.objectContaining({ status: 'cancelled' }));
    });
  });

  test('an uploaded file is watched like a sample', async () => {
    const page = await world.open();
    await page.setInputFiles('#file', testClip());
    await start(page);
    await eventually(async () => {
      expect(await replies(page)).toContainEqual(expect.objectContaining({ status: 'completed' }));
    });
    expect(await page.textContent('#video-name')).toMatch(/\.mp4$/);
    await page.getByRole('button', { name: 'Stop the video' }).click();
    await page.waitForSelector('#stage[data-phase="ended"]');
    expect((await readTurns(page)).at(-1)?.text).toMatch(/^The video was stopped/);
  });

  test('a format that the browser cannot show is watched all the same, and the page says so', async () => {
    const page = await world.open();
    await page.setInputFiles('#file', unplayableClip());
    await start(page);
    await page.waitForSelector('#screen-note:not([hidden])');
    await page.waitForSelector('#stage[data-phase="ended"]');
    expect(await replies(page)).not.toEqual([]);
    expect(await page.textContent('#clock-now')).toMatch(/^00:0[3-4]/);
  });

  test('a file that is no video is refused with what to do, and another one can be chosen', async () => {
    const page = await world.open();
    await page.setInputFiles('#file', writeFile('notes.txt', 'no video'));
    await page.waitForSelector('#problem:not([hidden])');
    expect(await page.textContent('#problem')).toMatch(/not supported.*Upload a video file/s);
    await page.getByRole('button', { name: 'Close this message' }).click();
    await page.setInputFiles('#file', writeFile('broken.mp4', 'no video either'));
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForSelector('#stage[data-phase="failed"]');
    expect(await page.textContent('#problem-what')).toBe('The video cannot be read');
    await page.getByRole('button', { name: 'Choose another video' }).click();
    await page.waitForSelector('#picker', { state: 'visible' });
    await page.waitForSelector('#problem', { state: 'hidden' });
  });

  test('a lost connection is taken up again and nothing is missing in the end', async () => {
    const page = await world.open();
    let sockets = 0;
    await page.routeWebSocket(/\/v1\/duet$/, (socket) => {
      sockets += 1;
      const server = socket.connectToServer();
      if (sockets > 1) return;
      server.onMessage((message) => {
        socket.send(message);
        if (message.toString().includes('"frame_index":3')) void socket.close({ code: 4000 });
      });
    });
    await page.reload();
    await page.waitForSelector('[data-sample]');
    await startSample(page);
    await page.waitForSelector('#stage[data-phase="ended"]');
    expect(sockets).toBe(2);
    expect(await page.textContent('#health')).toBe('scripted · 14 frames');
    expect((await replies(page)).map(({ time }) => time)).toEqual(['00:01.0', '00:03.0', '00:05.0']);
  });

  test('after the end a click on a time plays the video from there, and the conversation can be saved', async () => {
    const page = await world.open();
    await startSample(page);
    await page.waitForSelector('#stage[data-phase="ended"]');
    await page.getByRole('button', { name: '00:03.0' }).click();
    await page.waitForSelector('.turn.reply.passing');
    expect(await page.isVisible('#start')).toBe(false);
    await page.click('#save');
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-export="vtt"]')]);
    expect(download.suggestedFilename()).toBe('Little clip.vtt');
    expect(await readFile(await download.path(), 'utf8')).toMatch(
      /^WEBVTT\n\n00:00:01\.000 --> .*\n<v Duet>A red kite/,
    );
  });

  test('at 360 pixels nothing is wider than the screen, and every control has a name', async () => {
    const page = await world.open({ width: 360, height: 740 });
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(360);
    await startSample(page);
    await eventually(async () => {
      expect(await replies(page)).not.toEqual([]);
    });
    expect(await width()).toBe(360);
    const nameless = await page.locator('button:visible, input:visible, textarea:visible').evaluateAll(
      (controls) =>
        controls.filter((control) => {
          const labels = 'labels' in control && control.labels instanceof NodeList ? [...control.labels] : [];
          const texts = [
            control.getAttribute('aria-label'),
            control.textContent,
            ...labels.map((label) => label.textContent),
          ];
          return !texts.some((text) => (text ?? '').trim() !== '');
        }).length,
    );
    expect(nameless).toBe(0);
  });
});
