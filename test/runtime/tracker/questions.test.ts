import { expect, test } from 'vitest';
import { readQuestion } from '../../../server/runtime/tracker/questions.js';

const [person, cat, dog, truck] = [0, 15, 16, 7];
const any = { kinds: null, side: null };
const coming = { kinds: ['enter', 'appear'], side: null };

test.each([
  ['What is happening?', { type: 'watch', things: null, only: any }],
  ['Tell me when a dog comes in.', { type: 'watch', things: [dog], only: coming }],
  [
    'Let me know when somebody comes in from the left',
    { type: 'watch', things: [person], only: { ...coming, side: 'left' } },
  ],
  [
    'Tell me when a truck leaves.',
    { type: 'watch', things: [truck], only: { kinds: ['leave', 'vanish'], side: null } },
  ],
  ['What does the cat do?', { type: 'watch', things: [cat], only: any }],
  ['How many people are there?', { type: 'count', things: [person] }],
  ['Is there a dog?', { type: 'presence', things: [dog] }],
  ['What is on the left?', { type: 'place', place: 'left' }],
  ['Who is in the middle?', { type: 'place', place: 'middle' }],
  ['What colour is the ball?', null],
  ['How many of them are there?', null],
  ['', null],
])('%s', (text, expected) => {
  expect(readQuestion(text)).toEqual(expected);
});

test('a hot dog is no dog, and a vehicle may be any', () => {
  expect(readQuestion('How many hot dogs are there?')).toEqual({ type: 'count', things: [52] });
  expect(readQuestion('Tell me when a vehicle comes.')).toMatchObject({ things: [1, 2, 3, 5, 6, 7] });
});
