import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerMessage } from '../../server/protocol/server-messages.js';
import type { WireEvent } from '../../server/protocol/session-events.js';
import { chromiumPath } from '../support/chromium.js';
import { delta, done, frame, inserted, opened, sourceOpened, started } from '../client/wire-events.js';
import { DuetProcess } from './duet-process.js';
import { desktop, PageWorld, startSample } from './page-world.js';
import { emit, socketInThePage } from './played-socket.js';
import { readTurns } from './read-page.js';
import { friendly, openScripted, someTalk, type Script } from './scripted-page.js';

let world: PageWorld;

const texts = async (page: Page): Promise<string[]> => (await readTurns(page)).map(({ text }) => text);

const refusal = (fields: Partial<Extract<ServerMessage, { type: 'error' }>>): ServerMessage => ({
  ...{ type: 'error', code: 'internal', message: '', param: null, client_event_id: null, retryable: false },
  ...fields,
});

const closed = (reason: string): ServerMessage => ({
  ...{ type: 'session.closed', seq: 0, video_time: 0, elapsed_ms: 0 },
  reason,
});

/** What the page says went wrong. */
async function problem(page: Page): Promise<{ what: string | null; remedy: string | null }> {
  await page.waitForSelector('#problem:not([hidden])');
  return { what: await page.textContent('#problem-what'), remedy: await page.textContent('#problem-remedy') };
}

/** Asks by keyboard. */
async function ask(page: Page, text: string): Promise<void> {
  await page.fill('#message', text);
  await page.press('#message', 'Enter');
}

async function startScripted(page: Page): Promise<void> {
  await page.click('[data-sample="long-clip"]');
  await page.waitForSelector('#stage[data-phase="ready"]');
  await page.click('#start');
  await page.waitForSelector('#stage[data-phase="running"]');
}

async function startServe(port: string): Promise<{ duet: DuetProcess; url: string }> {
  const duet = new DuetProcess(['serve', '--port', port, '--workers', '1', '--record', 'off']);
  const [, url = ''] = await duet.says(/listening on (http:\S+)/);
  return { duet, url };
}

describe.skipIf(chromiumPath === null)('the page when something is wrong', { retry: 1 }, () => {
  beforeAll(async () => {
    world = await PageWorld.create(chromiumPath ?? '');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('after a killed server that keeps no records has come back the page says so, keeps what was said, and starts again with the next question', async () => {
    const first = await startServe('0');
    const page = await world.blank(desktop);
    await page.goto(first.url);
    await page.click('.card:first-child .chip');
    await page.waitForSelector('.turn.question[data-status="inserted"]');
    const before = await texts(page);
    first.duet.child.kill('SIGKILL');
    await first.duet.ended;
    await page.waitForSelector('#connection[data-state="reconnecting"]');
    expect(await page.textContent('#screen-note')).toBe('The server is out of reach. Trying again …');
    await ask(page, 'Still there?');
    await startServe(new URL(first.url).port);
    expect(await problem(page)).toEqual({
      what: 'The server no longer has this session',
      remedy:
        'It was restarted, or was out of reach for too long. What was said stays here until you start again.',
    });
    expect((await texts(page)).slice(0, before.length)).toEqual(before);
    expect((await readTurns(page)).at(-1)).toMatchObject({ text: 'Still there?', status: 'refused' });
    expect(await page.isVisible('#problem-retry')).toBe(true);
    await ask(page, 'What comes in?');
    await page.waitForSelector('#stage[data-phase="running"]');
    await page.waitForSelector('.turn.question[data-status="inserted"]');
    expect(await texts(page)).toContain('What comes in?');
    expect(await page.isVisible('#problem')).toBe(false);
  });

  test('a server that stays away is told, and what was said stays, also after another attempt in vain', async () => {
    let away = false;
    let attempts = 0;
    const { page, socket } = await openScripted(world, desktop, (message, answer) => {
      if (message.type === 'session.open') attempts += 1;
      if (away) answer.close(1012);
      else friendly(message, answer);
    });
    await startScripted(page);
    socket().send(...someTalk);
    await page.waitForSelector('[data-status="talking"]');
    const said = await texts(page);
    await page.clock.install();
    away = true;
    socket().close(1012);
    await page.waitForSelector('#connection[data-state="reconnecting"]');
    await page.clock.fastForward(901_000);
    expect(await problem(page)).toEqual({
      what: 'The connection is lost',
      remedy: 'The Duet server stayed away for 900 s (close code 1012): check that it runs',
    });
    await page.click('#problem-retry');
    await expect.poll(() => attempts).toBe(2);
    await page.waitForSelector('#stage[data-phase="failed"]');
    expect((await problem(page)).what).toBe('The connection is lost');
    expect(await texts(page)).toEqual(said);
    away = false;
    await page.click('#problem-retry');
    await page.waitForSelector('#stage[data-phase="running"]');
  });

  test('a server that is full is told as such, and another attempt gets in', async () => {
    let attempts = 0;
    const full: Script = (message, socket) => {
      if (message.type !== 'session.open') {
        friendly(message, socket);
        return;
      }
      attempts += 1;
      if (attempts > 1) socket.send(opened());
      else {
        const fields = {
          code: 'busy',
          message: 'All 8 sessions of this server are in use',
          retryable: true,
        } as const;
        socket.send(refusal({ ...fields, client_event_id: message.event_id ?? null }));
        socket.close(1013);
      }
    };
    const { page } = await openScripted(world, desktop, full);
    await page.click('[data-sample="long-clip"]');
    expect(await problem(page)).toEqual({
      what: 'The server is busy',
      remedy: 'All 8 sessions of this server are in use',
    });
    await page.click('#problem-retry');
    await page.waitForSelector('#stage[data-phase="running"]');
    await page.waitForSelector('#problem', { state: 'hidden' });
  });

  test.each([
    ['idle', 'The server closed the session'],
    ['server_shutdown', 'The server was stopped'],
  ])('a session that the server ends (%s) is told and can be begun again', async (reason, what) => {
    const { page, socket } = await openScripted(world, desktop);
    await startScripted(page);
    socket().send(...someTalk, closed(reason));
    expect((await problem(page)).what).toBe(what);
    expect(await texts(page)).toContain('A red kite appears at the top.');
    await page.locator('#problem').getByRole('button', { name: 'Start again' }).click();
    await page.waitForSelector('#stage[data-phase="running"]');
    expect(await page.isVisible('#problem')).toBe(false);
  });

  test('a model that fails is told in its own words', async () => {
    const { page, socket } = await openScripted(world, desktop);
    await startScripted(page);
    const failure = { code: 'model_failed', message: 'The worker of the model ran out of memory' } as const;
    socket().send(
      { ...{ type: 'source.failed', seq: 0, video_time: 1, elapsed_ms: 0, retryable: false }, ...failure },
      refusal(failure),
      closed('model_failed'),
    );
    socket().close(1011);
    expect(await problem(page)).toEqual({
      what: 'The model failed',
      remedy: 'The worker of the model ran out of memory',
    });
    await page.getByRole('button', { name: 'Choose another video' }).click();
    await page.waitForSelector('#picker', { state: 'visible' });
  });

  test('while the video is paused and after its end a question is answered, or the page says why not', async () => {
    const page = await world.blank(desktop);
    await page.goto(world.url);
    await startSample(page, 'little-clip');
    await page.waitForSelector('.turn.reply[data-status="completed"]');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.waitForSelector('#stage[data-phase="paused"]');
    await ask(page, 'What is it?');
    await page.waitForFunction(
      () =>
        /Read, without an answer\. Silent: the score 0\.\d\d is not above 0\.50/.test(
          document.querySelector('.turn.question[data-status="inserted"] + .turn')?.textContent ?? '',
        ) || document.querySelector('.turn.question[data-status="inserted"] + .turn.reply') !== null,
    );
    await page.getByRole('button', { name: 'Stop the video' }).click();
    await page.waitForSelector('#stage[data-phase="ended"]');
    // The model of this test speaks after every fourth picture that it looks at.
    for (const question of ['And before?', 'And then?', 'And now?', 'And last?']) await ask(page, question);
    await page.waitForFunction(
      () =>
        [...document.querySelectorAll('.turn')].at(-1)?.matches('.note, .reply[data-status="completed"]') ===
          true && document.querySelectorAll('.turn.question[data-status="inserted"]').length === 5,
    );
    const after = (await readTurns(page)).slice(
      (await texts(page)).findIndex((text) => text.startsWith('The video was stopped')) + 1,
    );
    expect(after.filter(({ kind }) => kind === 'question')).toHaveLength(4);
    expect(after.map(({ kind }) => kind)).toContain('reply');
  });

  test('markup in names, replies and questions is text', async () => {
    const nasty = '<img src=x onerror=alert(1)>"&\'<b>.mp4';
    const { page, socket } = await openScripted(world, desktop);
    let alerts = 0;
    page.on('dialog', (dialog) => {
      alerts += 1;
      void dialog.dismiss();
    });
    await page.route('**/v1/uploads', (route) => route.fulfill({ status: 201, json: { upload_id: 'u1' } }));
    await page.setInputFiles('#file', { name: nasty, mimeType: 'video/mp4', buffer: Buffer.from('x') });
    await page.waitForSelector('#stage[data-phase="ready"]');
    expect(await page.textContent('#video-name')).toBe(nasty);
    expect(await page.textContent('h1#duet-heading')).toBe(nasty);
    await page.click('#start');
    await page.waitForSelector('#stage[data-phase="running"]');
    socket().send(
      inserted({ text: nasty }),
      started(),
      delta({ delta: nasty }),
      done({ text: nasty }),
      closed(nasty),
    );
    await page.waitForSelector('#problem:not([hidden])');
    expect((await texts(page)).filter((text) => text === nasty)).toHaveLength(2);
    expect(await page.locator('.log img, .log b, .problem img, .bar img, .caption img').count()).toBe(0);
    expect(alerts).toBe(0);
  });

  test('a file that the server lost with its restart is sent again and watched', async () => {
    let uploads = 0;
    let known = 'u1';
    const { page, socket } = await openScripted(world, desktop, (message, answer) => {
      const isStart = message.type === 'source.start';
      const lost = isStart && message.source.type === 'upload' && message.source.upload_id !== known;
      if (!lost) friendly(message, answer);
      else answer.send(refusal({ code: 'not_found', client_event_id: message.event_id ?? null }));
    });
    await page.route('**/v1/uploads', (route) => {
      uploads += 1;
      return route.fulfill({ status: 201, json: { upload_id: `u${uploads}` } });
    });
    await page.setInputFiles('#file', { name: 'own.mp4', mimeType: 'video/mp4', buffer: Buffer.from('x') });
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.click('#start');
    await page.waitForSelector('#stage[data-phase="running"]');
    known = 'u2';
    socket().send(closed('server_shutdown'));
    await page.click('#problem-retry');
    await page.waitForSelector('#stage[data-phase="running"]');
    expect(uploads).toBe(2);
    expect(await page.isVisible('#problem')).toBe(false);
  });

  test('5,000 events in one go are shown within seconds, and after them a piece of a reply at once', async () => {
    const page = await world.blank(desktop);
    // The socket is played within the page: what is measured is the page alone.
    await page.addInitScript(socketInThePage);
    await page.goto(world.url);
    await page.click('[data-sample="long-clip"]');
    await emit(page, [opened()]);
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.click('#start');
    await emit(page, [sourceOpened({ seq: 2 })]);
    await page.waitForSelector('#stage[data-phase="running"]');
    const moments = Array.from({ length: 1000 }, (_, number) => oneMoment(number)).flat();
    const burstMs = await emit(
      page,
      moments.map((event, index) => ({ ...event, seq: index + 3 })),
    );
    expect(await page.locator('.turn.reply').count()).toBe(1000);
    expect(await page.textContent('#health')).toContain('1000 frames');
    const last = { response_id: 'last', video_time: 600 };
    await emit(page, [started({ ...last, seq: 5003 })]);
    const pieceMs = await emit(page, [delta({ ...last, seq: 5004 })]);
    console.log(`5,000 events: ${burstMs.toFixed()} ms; one more piece: ${pieceMs.toFixed()} ms`);
    expect(burstMs).toBeLessThan(10_000);
    expect(pieceMs).toBeLessThan(1_000);
  });
});

/** A frame, the reply to it in two pieces, and its end: five events. */
function oneMoment(number: number): readonly WireEvent[] {
  const at = { video_time: number / 2 };
  const reply = { ...at, response_id: `r${number}` };
  return [
    frame({ ...at, frame_index: number, fired: true, reason: 'fired' }),
    started({ ...reply, frame_index: number }),
    delta({ ...reply, delta: `Thing number ${number} ` }),
    delta({ ...reply, delta: 'comes into view.' }),
    done({ ...reply, text: `Thing number ${number} comes into view.` }),
  ];
}
