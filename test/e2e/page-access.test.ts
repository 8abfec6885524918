import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../support/chromium.js';
import { done, started } from '../client/wire-events.js';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { complaints, expectInSight, smallTargets } from './page-faults.js';
import { readTurns } from './read-page.js';
import { desktop, PageWorld, phone, phoneOnItsSide, type Screen } from './page-world.js';
import { openScripted, someTalk, theEnd } from './scripted-page.js';

let world: PageWorld;

/** Takes the page through all it can show and looks at each; returns what was found, with where. */
async function visitStates(screen: Screen, look: (page: Page) => Promise<string[]>): Promise<string[]> {
  const { page, socket } = await openScripted(world, screen);
  const found: string[] = [];
  const see = async (state: string): Promise<void> => {
    found.push(...(await look(page)).map((line) => `${state}: ${line}`));
  };
  await see('start page');
  await page.click('[data-sample="long-clip"]');
  await page.waitForSelector('#stage[data-phase="ready"]');
  await see('chosen');
  await page.click('#start');
  await page.waitForSelector('#stage[data-phase="running"]');
  socket().send(...someTalk);
  await page.waitForSelector('[data-status="talking"]');
  await see('playing');
  await page.click('#pause');
  await page.click('#more');
  await page.fill('#message', 'And then?');
  await page.press('#message', 'Enter');
  await see('paused, settings open');
  socket().send(...theEnd);
  await page.waitForSelector('#stage[data-phase="ended"]');
  await see('ended');
  socket().send({
    ...{ type: 'session.closed', seq: 0, video_time: 7, elapsed_ms: 0 },
    reason: 'server_shutdown',
  });
  await page.waitForSelector('#problem:not([hidden])');
  await see('error');
  return found;
}

/** Presses Tab until the focus is where it is wanted. */
async function tabTo(page: Page, selector: string, key = 'Tab'): Promise<void> {
  for (let pressed = 0; pressed < 40; pressed += 1) {
    await page.keyboard.press(key);
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
  }
  throw new Error(`${key} does not lead to ${selector}`);
}

const oddTexts = [
  '<img src=x onerror="alert(1)"> & <script>alert(2)</script>',
  'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(12),
  '一只狗在叫。'.repeat(40),
  '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(30),
  'كلب بني يدخل من اليسار ويجلس.',
];

function replyOf(text: string, number: number): readonly ServerMessage[] {
  const response_id = `odd-${number}`;
  return [started({ response_id, video_time: number }), done({ response_id, video_time: number, text })];
}

const dark = { colorScheme: 'dark' } as const;
const screens: readonly (readonly [string, Screen])[] = [
  ['a desktop in light colours', desktop],
  ['a desktop in dark colours', { ...desktop, ...dark }],
  ['a phone in light colours', phone],
  ['a phone in dark colours', { ...phone, ...dark }],
];

describe.skipIf(chromiumPath === null)('the page for everybody', { retry: 1 }, () => {
  beforeAll(async () => {
    world = await PageWorld.create(chromiumPath ?? '');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test.each(screens)(
    'axe finds nothing to complain of on %s, whatever the page shows',
    async (_name, screen) => {
      expect(await visitStates(screen, complaints)).toEqual([]);
    },
  );

  test.each([
    ['a phone', phone],
    ['a phone on its side', phoneOnItsSide],
  ])('on %s every target has 44 pixels', async (_name, screen) => {
    expect(await visitStates(screen, smallTargets)).toEqual([]);
  });

  test('with the keyboard alone one chooses, starts, pauses, asks and goes back, and the focus is never lost', async () => {
    const page = await world.blank(desktop);
    await page.goto(world.url);
    await page.focus('[data-sample="long-clip"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#start:focus');
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#pause:focus');
    await page.keyboard.press('Space');
    await page.waitForSelector('#stage[data-phase="paused"]');
    await tabTo(page, '#message');
    await page.keyboard.type('What is it ?');
    expect(await page.inputValue('#message')).toBe('What is it ?');
    expect(await page.getAttribute('#stage', 'data-phase')).toBe('paused');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.turn.question[data-status="inserted"]');
    await tabTo(page, '#log', 'Shift+Tab');
    await page.keyboard.press('Space');
    await page.waitForSelector('#stage[data-phase="running"]');
    await tabTo(page, '#stop', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#start:focus');
    await tabTo(page, '#leave', 'Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-sample="long-clip"]:focus');
  });

  test('Space on a button presses the button and nothing else', async () => {
    const { page } = await openScripted(world, desktop);
    await page.click('[data-sample="long-clip"]');
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.click('#start');
    await page.waitForSelector('#stage[data-phase="running"]');
    await page.focus('#more');
    await page.keyboard.press('Space');
    expect(await page.getAttribute('#more', 'aria-expanded')).toBe('true');
    expect(await page.getAttribute('#stage', 'data-phase')).toBe('running');
  });

  test.each([
    ['a laptop', desktop],
    ['a phone', phone],
  ])('on %s a file of one’s own and the sample to try first are in sight at once', async (_name, screen) => {
    const { page } = await openScripted(world, screen);
    for (const what of ['#drop', '.card:first-child .card-first', '.card:first-child .chip']) {
      await expectInSight(page, what);
    }
    expect(await page.textContent('.card-first')).toBe('Try this first');
  });

  test('a question on a card starts its video and is asked', async () => {
    const page = await world.blank(desktop);
    await page.goto(world.url);
    await page.click('.card:has([data-sample="little-clip"]) .chip');
    await page.waitForSelector('.turn.question[data-status="inserted"]');
    const [note, question] = await readTurns(page);
    expect(note?.text).toMatch(/^The video starts/);
    expect(question).toMatchObject({ text: 'What <b>comes</b> into view?', time: '00:00.0' });
  });

  test.each([
    ['844x390', { ...phoneOnItsSide, viewport: { width: 844, height: 390 } }],
    ['667x375', phoneOnItsSide],
    ['568x320', { ...phoneOnItsSide, viewport: { width: 568, height: 320 } }],
  ])(
    'on a phone on its side (%s) video, conversation and question field share the screen',
    async (_size, screen) => {
      const { page, socket } = await openScripted(world, screen);
      await page.click('[data-sample="long-clip"]');
      await page.waitForSelector('#stage[data-phase="ready"]');
      await page.click('#start');
      await page.waitForSelector('#stage[data-phase="running"]');
      socket().send(...someTalk);
      for (const what of ['#video', '#pause', '#log', '#message', '#send']) await expectInSight(page, what);
      const log = await page.locator('#log').boundingBox();
      expect(log?.height).toBeGreaterThan(70);
      await page.locator('#settings').scrollIntoViewIfNeeded();
      await expectInSight(page, '#level');
    },
  );

  test('a window zoomed to 200 % and texts of every kind make nothing wider than the screen', async () => {
    const { page, socket } = await openScripted(world, { viewport: { width: 640, height: 360 } });
    await page.click('[data-sample="long-clip"]');
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.click('#start');
    await page.waitForSelector('#stage[data-phase="running"]');
    socket().send(...oddTexts.flatMap(replyOf));
    await page.waitForFunction(
      (count) => document.querySelectorAll('.turn.reply').length === count,
      oddTexts.length,
    );
    expect((await readTurns(page)).filter(({ kind }) => kind === 'reply').map(({ text }) => text)).toEqual(
      oddTexts,
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(640);
    const wide = await page
      .locator('.turn-text, .caption')
      .evaluateAll((texts) => texts.filter((text) => text.scrollWidth > text.clientWidth + 1).length);
    expect(wide).toBe(0);
    const direction = await page
      .locator('.turn-text')
      .last()
      .evaluate((text) => getComputedStyle(text).direction);
    expect(direction).toBe('rtl');
    await expectInSight(page, '#message');
  });

  test('nothing moves for those who want no motion, and the state of a choice is seen in forced colours', async () => {
    const { page, socket } = await openScripted(world, {
      ...{ ...desktop, reducedMotion: 'reduce', forcedColors: 'active' },
    });
    await page.click('[data-sample="long-clip"]');
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.click('#start');
    await page.waitForSelector('#stage[data-phase="running"]');
    socket().send(...someTalk);
    await page.waitForSelector('[data-status="talking"]');
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    const outline = await page
      .locator('.segments input:checked + span')
      .first()
      .evaluate((choice) => getComputedStyle(choice).outlineStyle);
    expect(outline).toBe('solid');
  });
});
