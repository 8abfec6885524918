import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findSource } from '../../../server/cli/watch/find-source.js';
import { SampleLibrary } from '../../../server/library/samples.js';

const folder = fileURLToPath(new URL('../../../samples', import.meta.url));
const samples = new SampleLibrary(folder);

test.each([
  [undefined, 'real'],
  ['kitchen', 'rendered'],
  [relative('.', `${folder}/clips/kitchen.mp4`), 'rendered'],
  [`${folder}/benchmark/README.md`, 'real'],
  ['https://example.org/kitchen', 'real'],
])('%s shows the %s world', async (named, footage) => {
  expect(await findSource(named, samples)).toMatchObject({ footage });
});
