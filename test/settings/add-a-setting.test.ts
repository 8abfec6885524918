import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { Command } from 'commander';
import { beforeAll, expect, test, vi } from 'vitest';
import type * as sessionSettings from '../../server/settings/session-settings.js';

const page = await readFile(new URL('../../docs/add-a-setting.md', import.meta.url), 'utf8');
const [, example = ''] = /```ts\n(.*?)```/s.exec(page) ?? [];

/** The table with the entry of the page, which is plain data. */
vi.doMock('../../server/settings/session-settings.js', async (importOriginal) => {
  const original = await importOriginal<typeof sessionSettings>();
  const added = runInNewContext(`({ ${example} })`) as Readonly<Record<string, unknown>>;
  const settingTable = { ...original.settingTable, ...added };
  const settingNames = Object.keys(settingTable);
  const liveSettingNames = [...original.liveSettingNames, ...Object.keys(added)];
  return { ...original, settingTable, settingNames, liveSettingNames };
});

beforeAll(() => {
  expect(example).toContain('temperature');
});

test('clients may ask for the new setting and change it, within its range', async () => {
  const { clientMessageSchema } = await import('../../server/protocol/client-messages.js');
  const asked = (type: string, temperature: unknown): boolean =>
    clientMessageSchema.safeParse({ type, settings: { temperature } }).success;
  for (const type of ['session.open', 'session.update']) {
    expect([0, 2, 2.1, '1'].map((value) => asked(type, value))).toEqual([true, true, false, false]);
  }
});

test('the published schema describes it in both directions', async () => {
  const { protocolJsonSchema } = await import('../../server/protocol/published/json-schema.js');
  const { SessionSettingsPatch, SessionSettings, LiveSettings } = protocolJsonSchema().$defs;
  for (const side of [SessionSettingsPatch, SessionSettings, LiveSettings]) {
    expect(JSON.stringify(side)).toContain('"temperature":{"type":"number","minimum":0,"maximum":2');
    expect(JSON.stringify(side)).toContain('Above 0 the next token is drawn by chance');
  }
});

test('the command line has a flag for it', async () => {
  const { addTurnOptions } = await import('../../server/cli/flags/session-flags.js');
  const { changedSettings } = await import('../../server/settings/session-change.js');
  const command = addTurnOptions(new Command('watch')).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  expect(command.helpInformation()).toMatch(/--temperature <number> +above 0 draws tokens by chance/);
  const flags = command.parse(['--temperature', '0.5'], { from: 'user' }).opts();
  expect(changedSettings(flags, { type: 'never' })).toEqual({
    temperature: 0.5,
    policy: { type: 'never' },
  });
  expect(() => command.parse(['--temperature', '3'], { from: 'user' })).toThrow('a number from 0 to 2');
});

test('the page offers a slider for it', async () => {
  const { liveControls } = await import('../../server/settings/controls.js');
  expect(liveControls.at(-1)).toEqual({
    ...{ type: 'slider', name: 'temperature', label: 'Temperature', more: true, unit: '' },
    ...{ min: 0, max: 1, step: 0.05 },
    help: 'Above 0 the next token is drawn by chance; 0 takes the likeliest',
  });
});

test('the table of the protocol has a row for it', async () => {
  const { settingsTables } = await import('./settings-tables.js');
  expect(await settingsTables()).toMatch(/\| `temperature` +\| 0 to 2 +\| `0` +\| yes +\| Above 0/);
});
