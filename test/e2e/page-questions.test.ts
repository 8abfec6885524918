import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientMessage } from '../../server/protocol/client-messages.js';
import { chromiumPath } from '../support/chromium.js';
import { done, inserted, opened, sourceOpened, started, suppressed } from '../client/wire-events.js';
import { DuetError } from '../../server/errors.js';
import { ScriptedModel } from '../../server/runtime/scripted/scripted-model.js';
import { complaints } from './page-faults.js';
import { desktop, PageWorld, phone, startSample } from './page-world.js';
import { openScripted, type ScriptedSocket } from './scripted-page.js';

let world: PageWorld;

/** A model that is silent, and takes no text with "rude" in it. */
function politeModel(): ScriptedModel {
  return new ScriptedModel({
    scores: () => ({ informative: 0.1, relevance: 0 }),
    replies: () => ['never'],
    before: (call) => {
      if (call.type !== 'user' || !call.text.includes('rude')) return;
      throw new DuetError('unsupported', 'The model does not read this: write it otherwise');
    },
    capabilities: { name: 'polite' },
  });
}

describe.skipIf(chromiumPath === null)('questions and repeats on the page', { retry: 1 }, () => {
  beforeAll(async () => {
    world = await PageWorld.create(chromiumPath ?? '', { model: politeModel() });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test(
    'a long conversation leaves no more behind than what is shown of it',
    { timeout: 240_000 },
    async () => {
      const { page, socket } = await openScripted(world, desktop);
      await startSample(page, 'long-clip');
      const devtools = await page.context().newCDPSession(page);
      const megabytes = async (): Promise<number> => {
        await devtools.send('HeapProfiler.collectGarbage');
        return (await devtools.send('Runtime.getHeapUsage')).usedSize / 1e6;
      };
      const talk = async (from: number, to: number): Promise<void> => {
        for (let index = from; index < to; index += 1) {
          const about = { response_id: `r${index}`, video_time: index };
          socket().send(started(about), done({ ...about, text: `A red kite comes again, the ${index}th.` }));
          // Each is shown before the next one comes.
          await page.waitForFunction(
            (count) => document.querySelectorAll('.turn.reply').length === count,
            index + 1,
          );
        }
      };
      await talk(0, 50);
      const before = await megabytes();
      await talk(50, 250);
      // Lists that were not let go of once took memory by the square of their length.
      expect((await megabytes()) - before).toBeLessThan(4);
    },
  );

  test('a question that is to stand is listed with a button that removes it', async () => {
    const heard: ClientMessage[] = [];
    const place = { seq: 1, video_time: 0, elapsed_ms: 0 };
    const { page } = await openScripted(world, desktop, (message, socket: ScriptedSocket) => {
      heard.push(message);
      const client_event_id = message.event_id ?? null;
      if (message.type === 'session.open') socket.send(opened());
      if (message.type === 'question.add') {
        const asked = { question_id: 'question_1', text: message.text, client_event_id };
        socket.send(
          { type: 'question.added', ...place, ...asked, threshold: null },
          inserted({ ...asked, video_time: 0 }),
        );
      }
      if (message.type === 'question.remove') {
        const { question_id } = message;
        socket.send({ type: 'question.removed', ...place, question_id, client_event_id });
      }
    });
    await page.click('[data-sample="long-clip"]');
    await page.waitForSelector('#stage[data-phase="ready"]');
    expect(await page.isVisible('#questions')).toBe(false);
    await page.fill('#message', 'When does a dog come?');
    await page.click('#watch-for');
    await page.waitForSelector('#questions [data-question="question_1"]');
    expect(await page.textContent('#questions li span')).toBe('When does a dog come?');
    expect(await page.inputValue('#message')).toBe('');
    expect(await page.locator('#log .turn.question').count()).toBe(1);
    await page.getByRole('button', { name: 'Remove the question When does a dog come?' }).click();
    await expect.poll(() => page.isVisible('#questions')).toBe(false);
    expect(heard.at(-1)).toMatchObject({ type: 'question.remove', question_id: 'question_1' });
  });

  test('a text that the model does not take says why beside it, and the video goes on', async () => {
    const page = await world.blank(phone);
    await page.goto(world.url);
    await startSample(page, 'long-clip');
    for (const text of ['Something rude', 'Something kind']) {
      await page.fill('#message', text);
      await page.press('#message', 'Enter');
    }
    await page.waitForSelector('.turn.question[data-status="inserted"]');
    const refused = page.locator('.turn.question[data-status="refused"]');
    expect(await refused.locator('.turn-text').textContent()).toBe('Something rude');
    expect(await refused.locator('.turn-refusal').textContent()).toBe(
      'Not taken in: The model does not read this: write it otherwise',
    );
    expect(await page.isVisible('#problem')).toBe(false);
    expect(await page.getAttribute('#stage', 'data-phase')).toBe('running');
    expect(await complaints(page)).toEqual([]);
  });

  test('what was suppressed is hidden until it is asked for', async () => {
    const { page } = await openScripted(world, desktop, (message, socket: ScriptedSocket) => {
      if (message.type !== 'session.open') return;
      const reply = [started(), done({ text: 'A dog comes in.' })];
      socket.send(opened(), sourceOpened(), ...reply, suppressed({ text: 'A dog comes in.' }));
    });
    await page.click('[data-sample="long-clip"]');
    await page.waitForSelector('#log .turn.reply');
    expect(await page.locator('#log .turn.suppressed').count()).toBe(0);
    expect(await page.textContent('#suppressed')).toBe('Show 1 repeat');
    await page.click('#suppressed');
    expect(await page.locator('#log .turn.suppressed').textContent()).toContain('kept to itself');
    await page.click('#suppressed');
    expect(await page.locator('#log .turn.suppressed').count()).toBe(0);
  });
});
