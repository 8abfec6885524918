import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ClientMessage } from '../../server/protocol/client-messages.js';
import { RecordStore } from '../../server/records/record-store.js';
import { done, inserted, opened, questionAdded, sourceOpened, started } from '../client/wire-events.js';
import { roomyLimits } from '../records/recorded-session.js';
import { chromiumPath } from '../support/chromium.js';
import { complaints, smallTargets } from './page-faults.js';
import { desktop, PageWorld, phone, startSample } from './page-world.js';
import { readTurns } from './read-page.js';
import { openScripted } from './scripted-page.js';

let world: PageWorld;
let folder: string;
let records: RecordStore;

/** Asks again until it holds; videos play in real time. */
const eventually = (check: () => Promise<void>): Promise<void> =>
  vi.waitFor(check, { timeout: 90_000, interval: 100 });

const isRunning = (page: Page) => page.waitForSelector('#stage[data-phase="running"]');

const framesOf = async (page: Page): Promise<number> =>
  Number(/(\d+) frames/.exec((await page.textContent('#health')) ?? '')?.[1] ?? 0);

async function watchedFor(page: Page, frames: number): Promise<void> {
  await eventually(async () => {
    expect(await framesOf(page)).toBeGreaterThan(frames);
  });
}

describe.skipIf(chromiumPath === null)(
  'sessions and links of the page',
  { retry: 1, timeout: 240_000 },
  () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'duet-page-records-'));
      records = await RecordStore.open({ folder, limits: roomyLimits });
      world = await PageWorld.create(chromiumPath ?? '', { records });
    });
    afterAll(async () => {
      await world[Symbol.asyncDispose]();
      await records[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    });

    test('a session is left running, found again with all of it, and taken over by another tab', async () => {
      const page = await world.open();
      await startSample(page, 'long-clip');
      await watchedFor(page, 4);
      await page.click('#keep');
      const row = page.locator('[data-session][data-status="open"]').first();
      await row.waitFor();
      expect(await row.locator('.session-title').textContent()).toBe('long-clip');
      expect(await complaints(page)).toEqual([]);
      await row.locator('[data-does="go-on"]').click();
      await isRunning(page);
      await watchedFor(page, 6);
      expect(await page.textContent('#video-name')).toBe('Long clip');
      expect((await readTurns(page)).filter(({ kind }) => kind === 'reply').length).toBeGreaterThan(0);
      const other = await world.blank(desktop);
      await other.goto(page.url());
      await isRunning(other);
      await page.waitForSelector('#problem:not([hidden])');
      expect(await page.textContent('#problem')).toContain('The session goes on in another tab');
      await other.reload();
      await isRunning(other);
      await watchedFor(other, 6);
      await other.click('#leave');
    });

    test('an ended session is read in the list, and deleted once it is asked for twice', async () => {
      const page = await world.open();
      await startSample(page, 'long-clip');
      await page.waitForSelector('[data-status="completed"]');
      await page.click('#leave');
      await page.click('#sessions-link');
      const row = page.locator('[data-session][data-status="ended"]').first();
      await row.locator('summary').click();
      await row.locator('.told').first().waitFor();
      expect(await row.locator('.told').first().textContent()).toMatch(/^00:01\.0 A red kite/);
      expect(await complaints(page)).toEqual([]);
      const id = await row.getAttribute('data-session');
      await row.locator('[data-does="look"]').click();
      await page.waitForSelector('#stage[data-phase="ended"]');
      expect((await readTurns(page)).find(({ kind }) => kind === 'reply')?.text).toMatch(/^A red kite/);
      expect(await page.isVisible('#problem')).toBe(false);
      await page.click('#what-if');
      await expect
        .poll(() => page.textContent('#what-if-text'))
        .toMatch(/^It would have made \d+ .*Exact\.$/);
      await page.click('#pause');
      await expect.poll(() => page.getAttribute('#pause', 'aria-label')).toBe('Pause');
      await page.goto(`${world.url}/sessions`);
      await row.locator('[data-does="delete"]').click();
      expect(await row.locator('[data-does="delete"]').textContent()).toBe('Delete it for good');
      await row.locator('[data-does="delete"]').click();
      await expect.poll(() => page.locator(`[data-session="${id ?? ''}"]`).count()).toBe(0);
      expect((await page.request.get(`${world.url}/v1/sessions/${id ?? ''}`)).status()).toBe(404);
    });

    test('a link shows what it wants, and nothing happens before the person starts it', async () => {
      const page = await world.blank(phone);
      await page.goto(`${world.url}/?source=sample:long-clip&ask=What%20%3Cb%3Ecomes%3F`);
      await page.waitForSelector('#stage[data-phase="ready"]');
      expect(await page.textContent('#screen-note')).toBe('Once it starts, it is asked: “What <b>comes?”');
      expect([...(await complaints(page)), ...(await smallTargets(page))]).toEqual([]);
      await page.click('#start');
      await page.waitForSelector('.turn.question[data-status="inserted"]');
      expect((await readTurns(page)).find(({ kind }) => kind === 'question')?.text).toBe('What <b>comes?');
      await page.click('#leave');
      expect(page.url()).toBe(`${world.url}/`);
    });

    test('links of strangers neither open a camera nor have the server fetch anything', async () => {
      const page = await world.blank(desktop);
      const sent: string[] = [];
      page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException('asked', 'NotAllowedError'));
      });
      for (const source of ['webcam', 'http://127.0.0.1:9/secret', 'rtmp']) {
        await page.goto(`${world.url}/?source=${encodeURIComponent(source)}`);
        await page.waitForSelector('#stage[data-phase="ready"]');
      }
      expect(sent.filter((text) => text.includes('source.start'))).toEqual([]);
      await page.goto(`${world.url}/?source=webcam`);
      await page.waitForSelector('#stage[data-phase="ready"]');
      await page.click('#start');
      await page.waitForSelector('#problem:not([hidden])');
      expect(await page.textContent('#problem')).toContain('The webcam cannot be watched');
      await page.goto(`${world.url}/?source=sample:nowhere`);
      await page.waitForSelector('#problem:not([hidden])');
      expect(await page.textContent('#problem')).toContain('there are: little-clip, long-clip');
    });

    test('one looks back while the model goes on, and is told where it is', async () => {
      const page = await world.open();
      await startSample(page, 'long-clip');
      await watchedFor(page, 12);
      await page.locator('#position').fill('2');
      await page.waitForSelector('#to-model', { state: 'visible' });
      const before = await framesOf(page);
      expect(await page.textContent('#clock-now')).toMatch(/^00:0[23]/);
      expect(await page.textContent('#to-model')).toMatch(/^Model at 00:(0[5-9]|1)/);
      await watchedFor(page, before + 2);
      await page.click('#pause');
      expect(await page.getAttribute('#stage', 'data-phase')).toBe('running');
      expect(
        await page
          .locator('video#video')
          .evaluate((video) => video instanceof HTMLVideoElement && video.paused),
      ).toBe(true);
      expect(await complaints(page)).toEqual([]);
      await page.click('#to-model');
      await expect.poll(() => page.isVisible('#to-model')).toBe(false);
      await page.locator('.turn.reply .turn-time').first().click();
      await page.waitForSelector('#to-model', { state: 'visible' });
      expect(await page.textContent('#clock-now')).toMatch(/^00:01/);
    });

    test('other settings are tried out on what was scored, nothing is changed until they are applied', async () => {
      const page = await world.open();
      await startSample(page, 'long-clip');
      await watchedFor(page, 12);
      await page.click('#what-if');
      const text = (): Promise<string | null> => page.textContent('#what-if-text');
      await expect.poll(text).toMatch(/^It would have made \d+ repl.*Exact\.$/);
      await page.locator('#level').fill('0.95');
      await expect
        .poll(text)
        .toMatch(/^It would have made 0 replies, 0\.0 a minute.*Exact until 00:01, then/);
      expect(await complaints(page)).toEqual([]);
      const box = await page.locator('#plot .u-over').boundingBox();
      if (box === null) throw new Error('there is no plot');
      await page.mouse.move(box.x + 60, box.y + box.height * 0.3);
      await page.mouse.down();
      await page.mouse.move(box.x + 60, box.y + box.height * 0.85, { steps: 4 });
      await page.mouse.up();
      expect(Number(await page.textContent('#level-value'))).toBeLessThan(0.3);
      await page.fill('#aim-at', '30');
      await page.click('#aim button');
      await expect.poll(() => page.textContent('#level-value')).not.toBe('0.15');
      const level = await page.inputValue('#level');
      await page.click('#what-if-apply');
      await expect.poll(() => page.isVisible('#what-if-line')).toBe(false);
      await expect.poll(() => page.inputValue('#level')).toBe(level);
    });

    test('a standing question has a threshold of its own, and its replies are shown alone', async () => {
      const heard: ClientMessage[] = [];
      const { page } = await openScripted(world, desktop, (message, socket) => {
        heard.push(message);
        if (message.type !== 'session.open') return;
        const reply = (id: string, about: string, text: string) => [
          started({ response_id: id, question_id: about }),
          done({ response_id: id, question_id: about, text }),
        ];
        socket.send(opened(), sourceOpened(), questionAdded({ question_id: 'dog', text: 'A dog?' }));
        socket.send(inserted({ question_id: 'dog', text: 'A dog?' }));
        socket.send(questionAdded({ question_id: 'cat', text: 'A cat?', threshold: 0.5 }));
        socket.send(...reply('r1', 'dog', 'A dog comes.'), ...reply('r2', 'cat', 'A cat comes.'));
      });
      await page.click('[data-sample="long-clip"]');
      const dog = page.locator('[data-question="dog"]');
      await expect.poll(() => dog.locator('.question-count').textContent()).toBe('1');
      expect(await page.inputValue('[data-question="cat"] .question-threshold')).toBe('0.5');
      await dog.locator('.question-filter').click();
      expect((await readTurns(page)).map(({ text }) => text)).toEqual(['A dog?', 'A dog comes.']);
      expect(await complaints(page)).toEqual([]);
      await dog.locator('.question-filter').click();
      expect((await readTurns(page)).map(({ text }) => text)).toContain('A cat comes.');
      await dog.locator('.question-threshold').fill('0.7');
      await dog.locator('.question-threshold').press('Enter');
      await expect
        .poll(() => heard.slice(-2))
        .toMatchObject([
          { type: 'question.remove', question_id: 'dog' },
          { type: 'question.add', id: 'dog', text: 'A dog?', threshold: 0.7 },
        ]);
    });
  },
);
