import { expect, test } from 'vitest';
import type { QuestionFacts } from '../../models/figures/question-facts.js';
import { slicesOf } from '../../models/figures/slices.js';

const labels = { type: 'thing', language: 'en', asked: 'start', kinds: ['enter', 'leave'] };
const repeats = { toldAgain: 0, goldDuplicates: 0 };
const spoken: QuestionFacts = {
  labels,
  duration: 19.9,
  gold: [5, null],
  replies: 3,
  distinct: 2,
  ...repeats,
};
const silent: QuestionFacts = {
  labels: { type: 'all', language: 'zh', asked: 'late', kinds: ['enter'] },
  ...{ duration: 200, gold: [null], replies: 0, distinct: 0, ...repeats },
};
const unanswerable: QuestionFacts = {
  labels: { ...labels, type: 'place', kinds: [] },
  ...{ duration: 30, gold: [], replies: 1, distinct: 1, ...repeats },
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
