import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { settingsTables } from '../settings/settings-tables.js';

const path = '../../server/protocol/PROTOCOL.md';

/** The text between the markers is generated; `npx vitest run test/protocol -u` rewrites it. */
const derived = /(<!-- settings: derived -->\n\n).*?(<!-- settings: end -->)/s;

test('the tables of settings and policies match the schemas', async () => {
  const document = await readFile(new URL(path, import.meta.url), 'utf8');
  expect(document).toMatch(derived);
  const tables = await settingsTables();
  await expect(
    document.replace(derived, (_all, begin: string, end: string) => `${begin}${tables}\n${end}`),
  ).toMatchFileSnapshot(path);
});
