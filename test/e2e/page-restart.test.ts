import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import { packageFolder } from '../../server/package-folder.js';
import { chromiumPath, launchChromium } from '../support/chromium.js';
import { freePort, knowsProtocol } from '../support/live-senders.js';
import { desktop } from './page-world.js';
import { readTurns } from './read-page.js';
import { RestartedServer } from './restarted-server.js';

let browser: Browser;

/** The page of a server, and all the messages that it gets. */
async function openPage(url: string): Promise<{ page: Page; heard: ServerMessage[] }> {
  const page = await browser.newPage(desktop);
  onTestFinished(() => page.close());
  const heard: ServerMessage[] = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => heard.push(JSON.parse(String(payload)) as ServerMessage));
  });
  await page.goto(url);
  await page.waitForSelector('[data-sample]');
  return { page, heard };
}

/**
 * Kills the server, waits until the page has noticed, and starts it again; `meanwhile` is done in between.
 */
async function restart(server: RestartedServer, page: Page, meanwhile?: () => Promise<void>): Promise<void> {
  await server.kill();
  await page.waitForSelector('#connection[data-state="reconnecting"]');
  await meanwhile?.();
  await server.start();
  await page.waitForSelector('#connection[data-state="open"]', { timeout: 20_000 });
}

async function ask(page: Page, text: string): Promise<void> {
  await page.fill('#message', text);
  await page.press('#message', 'Enter');
}

const framesShown = async (page: Page): Promise<number> =>
  Number(/(\d+) frames/.exec((await page.textContent('#health')) ?? '')?.[1] ?? 0);

const ids = (heard: readonly ServerMessage[]): string[] =>
  heard.flatMap((message) => ('session_id' in message ? [`${message.type} ${message.session_id}`] : []));

const reopened = '.turn.note:has-text("The server was away: the session goes on")';

describe.skipIf(chromiumPath === null)('the page of a server that keeps records', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    browser = await launchChromium(chromiumPath ?? '');
  });
  afterAll(() => browser.close());

  test('goes on with its session after the server was killed: all that was said stays, and the video goes on', async () => {
    const server = await RestartedServer.create();
    const { page, heard } = await openPage(await server.start());
    await page.click('[data-sample="street"]');
    await page.waitForSelector('#stage[data-phase="ready"]');
    await ask(page, 'Say what comes into view.');
    await page.click('#start');
    await page.waitForSelector('.turn.reply[data-status="completed"]');
    const before = await readTurns(page);
    const framesBefore = await framesShown(page);
    await restart(server, page, () => ask(page, 'Are you still there?'));
    await page.waitForSelector(reopened);
    await page.waitForSelector('#stage[data-phase="running"]');
    await page.waitForSelector('.turn.question[data-status="inserted"]:has-text("Are you still there?")');
    expect(await page.isVisible('#problem')).toBe(false);
    // The picture goes on there too, not at the beginning.
    await expect
      .poll(async () => Number(await page.getAttribute('#stage', 'data-drift')), { timeout: 10_000 })
      .toBeGreaterThan(-1.5);
    await page.waitForSelector('#stage[data-phase="ended"]', { timeout: 40_000 });
    const [first, second, ...others] = ids(heard);
    expect(first).toMatch(/^session\.opened /);
    expect([second, ...others]).toEqual([first?.replace('opened', 'resumed')]);
    const after = await readTurns(page);
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    expect(after.slice(before.length).map(({ kind }) => kind)).toContain('reply');
    expect(await framesShown(page)).toBeGreaterThan(framesBefore);
    // One frame for each half second of the clip and no more: none is shown twice, few are lost.
    const scored = heard.filter((message) => message.type === 'frame.scored');
    expect(await framesShown(page)).toBe(scored.length);
    const times = scored.map(({ video_time }) => video_time);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(new Set(times).size).toBe(times.length);
  });

  test('waits for a server that was stopped, and goes on with its session', async () => {
    const server = await RestartedServer.create();
    const { page, heard } = await openPage(await server.start());
    await page.click('[data-sample="street"]');
    await page.click('#start:has-text("Start")');
    await page.waitForSelector('.turn.reply[data-status="completed"]');
    const before = await readTurns(page);
    await server.kill('SIGTERM');
    await page.waitForSelector('#problem:not([hidden])');
    expect(await page.textContent('#problem')).toContain('The server was stopped');
    await server.start();
    await page.waitForSelector(reopened, { timeout: 60_000 });
    await page.waitForSelector('#stage[data-phase="running"]');
    expect(await page.isVisible('#problem')).toBe(false);
    expect((await readTurns(page)).slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    const [first = ''] = ids(heard);
    expect(new Set(ids(heard))).toEqual(new Set([first, first.replace('opened', 'resumed')]));
  });

  test('keeps a video paused that was paused when the server was killed', async () => {
    const server = await RestartedServer.create();
    const { page, heard } = await openPage(await server.start());
    await page.click('[data-sample="street"]');
    await page.click('#start:has-text("Start")');
    await page.waitForSelector('#stage[data-phase="running"]');
    await expect.poll(() => framesShown(page), { timeout: 20_000 }).toBeGreaterThan(4);
    await page.click('#pause');
    await page.waitForSelector('#stage[data-phase="paused"]');
    await restart(server, page);
    await expect
      .poll(() => heard.filter(({ type }) => type === 'source.opened').length, { timeout: 20_000 })
      .toBe(2);
    await page.waitForSelector('#stage[data-phase="paused"]');
    await page.waitForTimeout(1000);
    const frames = await framesShown(page);
    await page.waitForTimeout(2000);
    expect(await framesShown(page)).toBe(frames);
    await page.click('#pause');
    await page.waitForSelector('#stage[data-phase="running"]');
    await expect.poll(() => framesShown(page), { timeout: 20_000 }).toBeGreaterThan(frames + 2);
  });

  test('plays a video that was over again with the next question, since its model has lost it', async () => {
    const server = await RestartedServer.create();
    const { page } = await openPage(await server.start());
    await page.click('[data-sample="street"]');
    await page.click('#start:has-text("Start")');
    await expect.poll(() => framesShown(page), { timeout: 30_000 }).toBeGreaterThan(4);
    await page.click('#stop');
    await page.waitForSelector('#stage[data-phase="ended"]');
    await restart(server, page, () => ask(page, 'What was there?'));
    await page.waitForSelector(reopened);
    expect((await readTurns(page)).find(({ kind }) => kind === 'question')).toMatchObject({
      status: 'refused',
    });
    expect(await page.getAttribute('#message', 'placeholder')).toBe('Ask, and start again');
    await ask(page, 'And what comes now?');
    await page.waitForSelector('.turn.question[data-status="inserted"]:has-text("And what comes now?")');
    expect(await page.getAttribute('#stage', 'data-phase')).toBe('running');
  });

  test('says why a file does not go on after the server was killed, and keeps what was said', async () => {
    const server = await RestartedServer.create();
    const { page } = await openPage(await server.start());
    await page.setInputFiles('#file', join(packageFolder, 'samples/clips/street.mp4'));
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.click('#start');
    await page.waitForSelector('.turn.reply[data-status="completed"]');
    const before = await readTurns(page);
    await restart(server, page);
    await page.waitForSelector(reopened);
    await page.waitForSelector('#problem:not([hidden])');
    expect(await page.textContent('#problem-remedy')).toMatch(/server/);
    expect((await readTurns(page)).slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    await page.click('#problem-retry');
    await page.waitForSelector('#stage[data-phase="running"]');
    expect(await page.isVisible('#problem')).toBe(false);
  });

  test.skipIf(!knowsProtocol('rtmp'))(
    'a stream that was waited for when the server was killed is waited for again with another key',
    async () => {
      const server = await RestartedServer.create('--ingest-rtmp', `127.0.0.1:${await freePort()}`);
      const { page, heard } = await openPage(await server.start());
      await page.click('[data-protocol="rtmp"]');
      await page.waitForSelector('#waiting');
      const key = await page.inputValue('#sender-key');
      await restart(server, page);
      await page.waitForSelector(reopened);
      await page.waitForSelector('#stage[data-phase="ready"]');
      expect(await page.locator('#waiting').count()).toBe(0);
      await page.click('#start');
      await page.waitForSelector('#waiting');
      expect(await page.inputValue('#sender-key')).not.toBe(key);
      expect(ids(heard).map((line) => line.split(' ')[0])).toEqual(['session.opened', 'session.resumed']);
    },
  );
});
