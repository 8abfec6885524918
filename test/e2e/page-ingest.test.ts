import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Ingest } from '../../server/transport/ingest/ingest.js';
import { chromiumPath } from '../support/chromium.js';
import { FfmpegSender, freePort, knowsProtocol } from '../support/live-senders.js';
import { complaints, expectInSight, smallTargets } from './page-faults.js';
import { desktop, PageWorld, phone, phoneOnItsSide, type Screen } from './page-world.js';
import { readTurns } from './read-page.js';

const canPush = chromiumPath !== null && knowsProtocol('rtmp') && knowsProtocol('srt');

let world: PageWorld;
let ingest: Ingest;

/** Pushes as OBS would, with the server and the key that were pasted into it, for so many seconds. */
function pushing(server: string, key: string | null, seconds: number): FfmpegSender {
  const output = key === null ? ['-f', 'mpegts', server] : ['-f', 'flv', `${server}/${key}`];
  return new FfmpegSender(['-tune', 'zerolatency', '-t', String(seconds), ...output]);
}

async function openPage(screen: Screen): Promise<Page> {
  const page = await world.blank(screen);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(world.url);
  await page.waitForSelector('#senders button');
  return page;
}

/** Resolves once the one place for a sender is free: a page that has left it is heard of a moment later. */
async function freePlace(): Promise<void> {
  const isFree = async (): Promise<boolean> => {
    const expected = await ingest.expect('rtmp').catch(() => null);
    expected?.release();
    return expected !== null;
  };
  await expect.poll(isFree, { timeout: 30_000 }).toBe(true);
}

/** Asks for a stream and waits until the page says where it is to be pushed. */
async function awaitSender(page: Page, protocol: 'rtmp' | 'srt' = 'rtmp'): Promise<void> {
  await page.click(`[data-protocol="${protocol}"]`);
  await page.waitForSelector('#waiting');
}

/** Presses the button that copies a field, and reads what it has copied. */
async function copied(page: Page, field: string): Promise<string> {
  const button = page.locator(`[data-copies="${field}"]`);
  await button.focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => button.textContent()).toMatch(/^Copied/);
  const status = page.locator('.copy-field', { has: button }).getByRole('status');
  expect(await status.textContent()).toMatch(/: copied$/);
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Where an element lies, in whole pixels. */
function placeOf(page: Page, selector: string): Promise<readonly number[]> {
  return page
    .locator(selector)
    .first()
    .evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return [left, top + scrollY, width, height].map(Math.round);
    });
}

const screens: readonly (readonly [string, Screen])[] = [
  ['1360x900', { viewport: { width: 1360, height: 900 } }],
  ['390x844', phone],
  ['568x320', { ...phoneOnItsSide, viewport: { width: 568, height: 320 } }],
];

describe.skipIf(!canPush)('the page and what OBS pushes', { retry: 1, timeout: 60_000 }, () => {
  beforeAll(async () => {
    ingest = await Ingest.open({
      ...{ rtmp: `127.0.0.1:${await freePort()}`, srt: `127.0.0.1:${await freePort()}`, maxSenders: 1 },
      log: () => undefined,
    });
    world = await PageWorld.create(chromiumPath ?? '', { ingest });
  }, 60_000);
  beforeEach(freePlace);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await ingest[Symbol.asyncDispose]();
  });

  test('is asked for with the keyboard, told where to push, watched, and waited for again with another key', async () => {
    const page = await openPage(desktop);
    await page.focus('[data-protocol="rtmp"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-copies="sender-url"]:focus');
    expect(await page.textContent('#waiting-heading')).toBe('Waiting for a stream from OBS');
    expect(await page.textContent('#status')).toBe('Waiting for a stream from OBS');
    const server = await copied(page, 'sender-url');
    const key = await copied(page, 'sender-key');
    expect(server).toBe(ingest.rtmpAddress);
    expect(key).toMatch(/^[\da-f]{40}$/);
    await page.waitForFunction(
      () => document.querySelector('[data-copies="sender-url"]')?.textContent === 'Copy Server',
    );
    await page.fill('#message', 'What is there?');
    await page.press('#message', 'Enter');
    await page.focus('[data-copies="sender-key"]');
    {
      await using sender = pushing(server, key, 6);
      await page.waitForSelector('#stage[data-phase="running"]');
      expect(sender.isRunning).toBe(true);
      await page.waitForSelector('#pause:focus');
      expect(await page.locator('#waiting').count()).toBe(0);
      expect(await page.textContent('#screen-note')).toBe('As the model sees it');
      expect(await page.textContent('#clock-duration')).toBe('live');
      await page.waitForSelector('.turn.reply[data-status="completed"]');
      await page.waitForSelector('#stage[data-phase="ended"]');
    }
    const turns = await readTurns(page);
    expect(turns[0]?.text).toMatch(/^The video starts: live, 128×96/);
    expect(turns.find(({ kind }) => kind === 'question')).toMatchObject({ status: 'inserted' });
    await page.getByRole('button', { name: 'Wait for it again' }).click();
    await page.waitForSelector('#waiting');
    expect(await page.inputValue('#sender-key')).not.toBe(key);
  });

  test('by SRT has the key in the address, and is watched', async () => {
    const page = await openPage(desktop);
    await awaitSender(page, 'srt');
    expect(await page.locator('#sender-key').count()).toBe(0);
    expect(await page.textContent('#waiting-hint')).toContain('leave the key empty');
    await using sender = pushing(await copied(page, 'sender-url'), null, 20);
    await page.waitForSelector('#stage[data-phase="running"]');
    expect(sender.isRunning).toBe(true);
    await expect.poll(() => page.textContent('#health')).toMatch(/\d frames/);
  });

  test('is copied also where the browser gives the page no clipboard, as over plain HTTP from afar', async () => {
    const page = await world.blank(desktop);
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', { value: undefined });
    });
    await page.goto(world.url);
    await awaitSender(page);
    await page.focus('[data-copies="sender-key"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-copies="sender-key"]:focus:has-text("Copied")');
    await page.focus('#message');
    await page.keyboard.press('Control+V');
    expect(await page.inputValue('#message')).toBe(await page.inputValue('#sender-key'));
  });

  test('a second page is told that the server is busy; Stop frees the place and gives the focus back', async () => {
    const page = await openPage(desktop);
    await awaitSender(page);
    const other = await openPage(desktop);
    await other.click('[data-protocol="srt"]');
    await other.waitForSelector('#problem:not([hidden])');
    expect(await other.textContent('#problem-what')).toBe('The server is busy');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.waitForSelector('[data-protocol="rtmp"]:focus');
    await other.click('#problem-retry');
    await other.waitForSelector('#waiting');
    expect(await other.inputValue('#sender-url')).toMatch(/^srt:/);
  });

  test('a sender that is lost is told, and the session goes on when it is back with its key', async () => {
    const page = await openPage(desktop);
    await awaitSender(page);
    const [server, key] = [await page.inputValue('#sender-url'), await page.inputValue('#sender-key')];
    {
      await using sender = pushing(server, key, 30);
      await page.waitForSelector('#stage[data-phase="running"]');
      expect(sender.isRunning).toBe(true);
    }
    await expect.poll(() => page.textContent('#health')).toBe('The sender is away; it may come back');
    await using sender = pushing(server, key, 30);
    await page.waitForSelector('.turn.note:has-text("The pictures are back")');
    expect(sender.isRunning).toBe(true);
  });

  test.each(screens)('on %s nothing moves from the choice to the first picture', async (_size, screen) => {
    const page = await world.blank(screen);
    let tell = (): void => undefined;
    const told = new Promise<void>((resolve) => (tell = resolve));
    await page.route('**/v1/ingest', async (route) => {
      await told;
      await route.continue();
    });
    await page.goto(world.url);
    await page.waitForSelector('[data-sample]');
    const choice = [await placeOf(page, '#drop'), await placeOf(page, '.card')];
    tell();
    await page.waitForSelector('#senders button');
    expect([await placeOf(page, '#drop'), await placeOf(page, '.card')]).toEqual(choice);
    await page.click('[data-protocol="rtmp"]');
    await page.waitForSelector('#stage[data-phase="preparing"], #waiting');
    const stage = await placeOf(page, '#screen');
    await page.waitForSelector('#waiting');
    expect([await placeOf(page, '#screen'), await placeOf(page, '#waiting')]).toEqual([stage, stage]);
    for (const part of ['#waiting-heading', '#waiting-stop', '#sender-url', '#waiting-hint'])
      await expectInSight(page, part);
    for (const field of ['sender-url', 'sender-key']) await expectInSight(page, `[data-copies="${field}"]`);
    const button = await placeOf(page, '[data-copies="sender-key"]');
    await page.click('[data-copies="sender-key"]');
    await expect.poll(() => page.textContent('[data-copies="sender-key"]')).toMatch(/^Copied|^Selected/);
    expect(await placeOf(page, '[data-copies="sender-key"]')).toEqual(button);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(screen.viewport?.width);
    const [server, key] = [await page.inputValue('#sender-url'), await page.inputValue('#sender-key')];
    await using sender = pushing(server, key, 20);
    await page.waitForSelector('#stage[data-phase="running"]');
    expect(sender.isRunning).toBe(true);
    expect(await placeOf(page, '#screen')).toEqual(stage);
  });

  test.each([
    ['a desktop', desktop],
    ['a desktop in dark colours', { ...desktop, colorScheme: 'dark' } as const],
    ['a phone', phone],
    ['a phone on its side', phoneOnItsSide],
  ])('on %s everybody can choose it and wait for it', async (_name, screen) => {
    const page = await openPage(screen);
    const look = async () => [
      ...(await complaints(page)),
      ...(screen.hasTouch ? await smallTargets(page) : []),
    ];
    expect(await look()).toEqual([]);
    for (const protocol of ['rtmp', 'srt'] as const) {
      await awaitSender(page, protocol);
      expect(await look()).toEqual([]);
      await page.click('#waiting-stop');
      await page.waitForSelector('#picker', { state: 'visible' });
      await freePlace();
    }
  });

  test.each([
    [[], []],
    [['srt'], ['From OBS']],
    [
      ['rtmp', 'srt'],
      ['From OBS (RTMP)', 'From OBS (SRT)'],
    ],
  ])('is offered as the server says it takes it (%j)', async (protocols, offered) => {
    const page = await world.blank(desktop);
    const data = protocols.map((protocol) => ({ type: 'ingest', protocol }));
    await page.route('**/v1/sources', (route) => route.fulfill({ json: { data } }));
    const answered = page.waitForResponse('**/v1/sources');
    await page.goto(world.url);
    await answered;
    await page.waitForSelector('[data-sample]');
    await expect.poll(() => page.locator('#senders button').allTextContents()).toEqual(offered);
    expect(await page.isVisible('#ingest-hint')).toBe(offered.length === 0);
  });
});
