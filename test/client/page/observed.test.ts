import { expect, test } from 'vitest';
import { Observed } from '../../../client/page/state/observed.js';

test('listeners hear of every change, and of nothing that is set again', () => {
  const observed = new Observed(1);
  const heard: number[] = [];
  observed.subscribe(() => heard.push(observed.value));
  for (const value of [1, 2, 2, 3]) observed.value = value;
  expect(heard).toEqual([2, 3]);
});

test('a listener that has unsubscribed hears nothing more', () => {
  const observed = new Observed('a');
  const heard: string[] = [];
  const unsubscribe = observed.subscribe(() => heard.push(observed.value));
  unsubscribe();
  observed.value = 'b';
  expect(heard).toEqual([]);
});
