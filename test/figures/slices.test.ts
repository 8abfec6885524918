import { expect, test } from 'vitest';
import type { QuestionFacts } from '../../models/figures/facts/question-facts.js';
import { slicesOf } from '../../models/figures/facts/slices.js';
import { tellingOf } from '../../models/figures/facts/telling.js';

const labels = { type: 'thing', language: 'en', asked: 'start', kinds: ['enter', 'leave'] };
const repeats = { toldAgain: 0, goldDuplicates: 0, watched: 60 };
const spoken: QuestionFacts = {
  labels,
  duration: 19.9,
  gold: [5, null],
  replies: 3,
  right: 1,
  distinct: 2,
  ...repeats,
};
const silent: QuestionFacts = {
  labels: { type: 'all', language: 'zh', asked: 'late', kinds: ['enter'] },
  ...{ duration: 200, gold: [null], replies: 0, right: 0, distinct: 0, ...repeats },
};
const unanswerable: QuestionFacts = {
  labels: { ...labels, type: 'place', kinds: [] },
  ...{ duration: 30, gold: [], replies: 1, right: 0, distinct: 1, ...repeats },
};
const slices = slicesOf([spoken, silent, unanswerable]);

test('questions are sliced by their labels; a span without a reply counts as the lowest rating', () => {
  expect(slices['question_kind']).toEqual([
    { label: 'all', n: 1, in_span: 1, recall: 0 },
    { label: 'thing', n: 1, in_span: 3, recall: 0.5 },
  ]);
  expect(slices['language']?.map(({ label }) => label)).toEqual(['en', 'zh']);
  expect(slices['time_of_asking']?.map(({ label }) => label)).toEqual(['late', 'start']);
});

test('answers are sliced by the kind of their event', () => {
  expect(slices['event_kind']).toEqual([
    { label: 'enter', n: 2, in_span: 3, recall: 0.5 },
    { label: 'leave', n: 1, in_span: 1, recall: 0 },
  ]);
});

test('lengths of clips stand in their order', () => {
  expect(slices['clip_length']?.map(({ label }) => label)).toEqual(['under 20 s', 'over 3 min']);
});

test('what a split does not say is left out instead of being one slice', () => {
  const known = Object.keys(slicesOf([{ ...spoken, labels: null }]));
  expect(known).toEqual(['clip_length']);
});

test('what was told counts replies to questions that nothing answers as wrong', () => {
  const telling = tellingOf([spoken, silent, unanswerable]);
  expect(telling['all']).toEqual([
    {
      ...{ label: 'all', questions: 3, gold_answers: 3, replies: 4, unanswerable: 1, kept_silent: 0 },
      ...{ recall: 1 / 3, precision: 0.25, wrong_a_minute: 1 },
    },
  ]);
  expect(telling['question_kind']?.map(({ label, precision }) => [label, precision])).toEqual([
    ['all', null],
    ['place', 0],
    ['thing', 1 / 3],
  ]);
  expect(telling['clip_length']?.map(({ label }) => label)).toEqual([
    'under 20 s',
    '20 to 40 s',
    'over 3 min',
  ]);
});

test('without labels there is nothing to tell by but length', () => {
  expect(Object.keys(tellingOf([{ ...spoken, labels: null }]))).toEqual(['all', 'clip_length']);
});
