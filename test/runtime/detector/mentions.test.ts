import { expect, test } from 'vitest';
import { MentionFinder } from '../../../server/runtime/detector/mentions.js';
import { sentenceBook } from '../support/sentence-book.js';

const [person, car, cat, dog] = [0, 2, 15, 16];
const finder = new MentionFinder(sentenceBook);

test.each([
  ['Tell me when a dog comes in.', 'en', [dog], [], true, 'coming'],
  ['How many people are there?', 'en', [person], [], false, null],
  ['Tell me when somebody comes in.', 'en', [person], [], true, 'coming'],
  ['Is there a DOG on the left?', 'en', [dog], ['left'], false, null],
  ['What is on the right?', 'en', [], ['right'], false, null],
  ['Are there any animals or cars?', 'en', ['animal', car], [], false, null],
  ['Is there a traffic light?', 'en', [9], [], false, null],
  ['Dis-moi quand un chien arrive.', 'fr', [dog], [], true, 'coming'],
  ["Préviens-moi quand quelqu'un entre.", 'fr', [person], [], true, 'coming'],
  ['Combien de chats y a-t-il au milieu ?', 'fr', [cat], ['middle'], false, null],
  ['Avísame cuando llegue un perro.', 'es', [dog], [], true, 'coming'],
  ['¿Qué hay a la izquierda?', 'es', [], ['left'], false, null],
  ['有狗进来时告诉我。', 'zh', [dog], [], true, 'coming'],
  ['左边有什么？', 'zh', [], ['left'], false, null],
  ['有几辆汽车？', 'zh', [car], [], false, null],
])('%s', (text, language, names, places, standing, only) => {
  expect(finder.find(text)).toEqual({ names, places, stops: false, standing, only, languages: [language] });
});

test.each(['Hello there', 'Dogma, carpets and scattered catalogues', '', '!?'])(
  'nothing is named in %j',
  (text) => {
    expect(finder.find(text)).toEqual({
      names: [],
      places: [],
      stops: false,
      standing: false,
      only: null,
      languages: [],
    });
  },
);

test('of names that contain each other the longest counts', () => {
  expect(finder.find('a hot dog on a dining table').names).toEqual([52, 60]);
  expect(finder.find('自行车').names).toEqual([1]);
});
