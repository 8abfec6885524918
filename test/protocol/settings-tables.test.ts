import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { settingsTables } from '../settings/settings-tables.js';

const path = '../../server/protocol/PROTOCOL.md';

/** What lies between the marks is derived; `npx vitest run test/protocol -u` writes it anew. */
const derived = /(<!-- settings: derived -->\n\n).*?(<!-- settings: end -->)/s;

test('the tables of settings and policies are those that are checked', async () => {
  const document = await readFile(new URL(path, import.meta.url), 'utf8');
  expect(document).toMatch(derived);
  const tables = await settingsTables();
  await expect(
    document.replace(derived, (_all, begin: string, end: string) => `${begin}${tables}\n${end}`),
  ).toMatchFileSnapshot(path);
});
