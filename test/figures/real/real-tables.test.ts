import { expect, test } from 'vitest';
import { realPlaces, realReport } from '../../../models/figures/card/real-tables.js';
import type { RealResults } from '../../../models/figures/real/collect-real.js';
import { realFigures } from '../../../models/figures/real/score/totals.js';

const nothing = realFigures([], false);
const told = { ...nothing, recall: 0.8, recall_one_to_one: 0.7, precision: 0.9, false_replies: 3 };
const narrated = { crowded: told, apart: nothing, empty: { ...nothing, false_a_minute: 0.25 } };
const results: RealResults = {
  ...{ clips: 8, seconds: 353 },
  variants: {
    model: {
      ...narrated,
      told: { come: told },
      languages: { en: told, zh: told },
      counts: { questions: 4, answered: 1, exact: 0.5, within_one: 0.75 },
      places: { questions: 2, answered: 1, right: 0.5 },
    },
    silence: { ...narrated, told: {}, languages: {}, counts: null, places: null },
  },
  mistakes: [
    { video: 'a.mp4', time: 3.25, question: null, reply: 'A cat comes in.', reason: 'none then' },
    { video: 'b.mp4', time: 4, question: 'How many?', reply: 'There are two.', reason: '2 said' },
  ],
};

test('the figures on real clips are tables of what was played', () => {
  const places = new Map(realPlaces(results));
  expect(places.get('real.events')).toContain(
    '| the model | 80 % | 70 % | 90 % | - | - | - | - | - | 0.25 |',
  );
  expect(places.get('real.told')).toContain('| the model | 80 % | 90 % | 3 | - | - | - |');
  expect(places.get('real.languages')).toContain('| the model | 80 % and 3 | 80 % and 3 |');
  expect(places.get('real.told')).not.toContain('silence');
  expect(places.get('real.answers')).toContain('| the model | 100 % | 50 % | 75 % | 100 % | 50 % |');
  expect(places.get('real.mistakes')?.split('\n')).toEqual([
    '- a.mp4, 3.2 s: "A cat comes in." (none then)',
    '- b.mp4, 4.0 s, to "How many?": "There are two." (2 said)',
  ]);
  expect(realReport(results)).toContain('8 clips, 353 s');
});

test('without them the card says so', () => {
  expect(new Map(realPlaces(null)).get('real.events')).toBe('Not measured on real clips.');
});
