import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countWeights } from '../../models/figures/card/count-weights.js';
import { fillTemplate } from '../../models/figures/card/fill-template.js';
import { percent, show, table, withRange } from '../../models/figures/card/show.js';

const places = new Map([
  ['pauc', '0.31'],
  ['table.captions', '| a |\n| --- |'],
]);

test('a template is filled at its named places, whole tables too', () => {
  expect(fillTemplate('PAUC {{pauc}}, {{ pauc }}.\n\n{{table.captions}}\n', places)).toBe(
    'PAUC 0.31, 0.31.\n\n| a |\n| --- |\n',
  );
});

test('a place nobody knows is an error that names line and place', () => {
  expect(() => fillTemplate('a\n{{in_spam}}', places)).toThrow(/^line 2 .*\{\{in_spam\}\}; there are pauc, /);
});

test('figures that are missing are dashes, never zeros', () => {
  expect([show(null), percent(undefined), withRange(null, null)]).toEqual(['-', '-', '-']);
  expect(percent(0.456)).toBe('46 %');
  expect(withRange(2.345, { low: 2, high: 2.7 })).toBe('2.35 (2.00 to 2.70)');
  expect(withRange(2, null)).toBe('2.00');
});

test('a table has as many columns as its head', () => {
  expect(table(['', 'n'], [['a', '1']])).toBe('|  | n |\n| --- | --- |\n| a | 1 |');
});

const nanoFolder = join(import.meta.dirname, '../../models/duet-nano');

test('weights are counted from the checkpoint in the folder, where there is one', async () => {
  expect(await countWeights(nanoFolder)).toBe(6_188_288);
  expect(await countWeights(join(nanoFolder, 'checkpoint'))).toBeNull();
});
