import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ScriptedModel } from '../../server/runtime/scripted/scripted-model.js';
import { chromiumPath } from '../support/chromium.js';
import { makeFile } from '../support/clips.js';
import { desktop, PageWorld } from './page-world.js';
import { picturesOfTheScreen, readTurns } from './read-page.js';

let world: PageWorld;

/** Says which colour it sees, whenever that is another one. */
function colourModel(): ScriptedModel {
  let seen = '';
  return new ScriptedModel({
    scores: ({ rgb }) => {
      const colour = (rgb[0] ?? 0) > (rgb[1] ?? 0) ? 'red' : 'green';
      const isNew = colour !== seen;
      seen = colour;
      return { informative: isNew ? 0.9 : 0.1, relevance: 0 };
    },
    replies: () => [`It is ${seen}.`],
    capabilities: {
      ...{ name: 'eyes', footage: 'real', pictureFit: 'stretch', sees: { en: 'Sees colours; cannot read.' } },
      suggestions: { en: ['What colour is it?', 'Tell me when it is red.'] },
    },
  });
}

const painter = new ScriptedModel({ capabilities: { name: 'painter', footage: 'rendered' } });

/** Two seconds of red, two of green. */
function redAndGreen(): string {
  const colour = (name: string): string[] => ['-f', 'lavfi', '-i', `color=${name}:s=320x240:r=10:d=2`];
  const joined = ['-filter_complex', 'concat=n=2', '-pix_fmt', 'yuv420p'];
  return makeFile([...colour('red'), ...colour('lime'), ...joined], 'y4m');
}

/** Asks again until it holds; a webcam runs in real time. */
const eventually = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 30_000, interval: 100 });

const frameCount = async (page: Page): Promise<number> =>
  Number(/(\d+) frames/.exec((await page.textContent('#health')) ?? '')?.[1] ?? 0);

async function watchWebcam(page: Page): Promise<void> {
  await page.click('[data-films="webcam"]');
  await page.waitForSelector('#stage[data-phase="running"]');
  await eventually(async () => {
    expect(await frameCount(page)).toBeGreaterThan(2);
  });
}

const trackState = (page: Page): Promise<string> =>
  page.locator('#page').evaluate(() => {
    const track: unknown = Reflect.get(globalThis, 'filmed');
    return track instanceof MediaStreamTrack ? track.readyState : 'none';
  });

const rememberTrack = (page: Page): Promise<void> =>
  page.locator('video#video').evaluate((video) => {
    const stream = video instanceof HTMLVideoElement ? video.srcObject : null;
    if (stream instanceof MediaStream) Reflect.set(globalThis, 'filmed', stream.getVideoTracks()[0]);
  });

// The webcam runs in real time: a machine that stalls the browser gets a second chance, a fault fails twice.
describe.skipIf(chromiumPath === null)('a webcam on the page', { retry: 1 }, () => {
  beforeAll(async () => {
    const camera = redAndGreen();
    world = await PageWorld.create(chromiumPath ?? '', { camera, model: painter, others: [colourModel()] });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('is watched at once by the model made for real pictures, which says what it can see', async () => {
    const page = await world.open();
    await watchWebcam(page);
    expect(await page.textContent('#health')).toContain('eyes');
    expect(await page.textContent('#about-model')).toBe('eyes Sees colours; cannot read.');
    const suggestions = await page.locator('#suggestions .chip').allTextContents();
    expect(suggestions).toEqual(['What colour is it?', 'Tell me when it is red.']);
    await eventually(async () => {
      const said = (await readTurns(page)).map(({ text }) => text);
      expect(said).toEqual(expect.arrayContaining(['It is red.', 'It is green.']));
    });
  });

  test('stands still while it is paused, and goes on', async () => {
    const page = await world.open();
    await watchWebcam(page);
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.waitForSelector('#stage[data-phase="paused"]');
    await picturesOfTheScreen(page, 30);
    const frames = await frameCount(page);
    await picturesOfTheScreen(page, 90);
    expect(await frameCount(page)).toBe(frames);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await eventually(async () => {
      expect(await frameCount(page)).toBeGreaterThan(frames + 2);
    });
  });

  test('can be watched again by another model that the person chooses', async () => {
    const page = await world.open();
    await watchWebcam(page);
    await page.click('#more');
    expect(await page.isDisabled('#model')).toBe(true);
    await page.click('#stop');
    await page.waitForSelector('#stage[data-phase="ended"]');
    expect(await page.locator('#model option').allTextContents()).toEqual([
      ...['What suits the video (eyes)', 'painter', 'eyes'],
    ]);
    await page.selectOption('#model', 'painter');
    await page.click('#start');
    await page.waitForSelector('#stage[data-phase="running"]');
    await eventually(async () => {
      expect(await frameCount(page)).toBeGreaterThan(2);
    });
    expect(await page.textContent('#health')).toContain('painter');
    expect(await page.locator('#about-model').count()).toBe(0);
  });

  test('is switched off when the person goes back to the choice of videos', async () => {
    const page = await world.open();
    await watchWebcam(page);
    await rememberTrack(page);
    expect(await trackState(page)).toBe('live');
    await page.click('#leave');
    expect(await trackState(page)).toBe('ended');
  });

  test('that the browser does not give is told, with what to do about it', async () => {
    const page = await world.blank(desktop);
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await page.goto(world.url);
    await page.click('[data-films="webcam"]');
    await page.waitForSelector('#problem:not([hidden])');
    expect(await page.textContent('#problem')).toContain('The webcam cannot be watched');
    expect(await page.textContent('#problem')).toContain('allow it for this page');
  });
});
