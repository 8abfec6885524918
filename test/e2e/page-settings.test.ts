import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClientMessage } from '../../server/protocol/client-messages.js';
import { liveControls } from '../../server/settings/controls.js';
import { chromiumPath } from '../support/chromium.js';
import { opened, wireSettings } from '../client/wire-events.js';
import { desktop, PageWorld } from './page-world.js';
import { openScripted, type ScriptedSocket } from './scripted-page.js';

let world: PageWorld;

type Update = Extract<ClientMessage, { type: 'session.update' }>['settings'];

describe.skipIf(chromiumPath === null)('the settings on the page', { retry: 1 }, () => {
  beforeAll(async () => {
    world = await PageWorld.create(chromiumPath ?? '');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  test('every live setting with a control has its field, and a change is sent under its name', async () => {
    const updates: Update[] = [];
    const { page } = await openScripted(world, desktop, (message, socket: ScriptedSocket) => {
      if (message.type === 'session.open') socket.send(opened());
      if (message.type === 'session.update') updates.push(message.settings);
    });
    await page.click('[data-sample="long-clip"]');
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.click('#more');
    for (const control of liveControls) {
      const { name, label } = control;
      expect(await page.locator('#settings').getByText(label, { exact: true }).count(), label).toBe(1);
      if (control.type === 'slider') await page.locator(`#${name}`).fill(String(control.max));
      else await page.locator(`#settings input[name="${name}"]:not(:checked)`).first().check();
      await expect.poll(() => updates.at(-1)).toHaveProperty(name);
    }
    expect(Object.assign({}, ...updates)).not.toMatchObject({ heads: wireSettings.heads });
  });

  test('many steps of a slider become one message, and a refused change is taken back', async () => {
    const updates: Update[] = [];
    const { page } = await openScripted(world, desktop, (message, socket: ScriptedSocket) => {
      if (message.type === 'session.open') socket.send(opened());
      if (message.type !== 'session.update') return;
      updates.push(message.settings);
      socket.send({
        ...{ type: 'error', code: 'invalid_request', message: 'no', param: null, retryable: false },
        client_event_id: message.event_id ?? null,
      });
    });
    await page.click('[data-sample="long-clip"]');
    await page.waitForSelector('#stage[data-phase="ready"]');
    await page.focus('#level');
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowRight');
    expect(await page.textContent('#level-value')).toBe('0.55');
    await page.waitForSelector('#problem:not([hidden])');
    await expect.poll(() => page.textContent('#level-value')).toBe('0.50');
    expect(updates).toEqual([{ policy: { type: 'threshold', threshold: expect.closeTo(0.55) as number } }]);
  });
});
