import { expect, test } from 'vitest';
import { PendingTexts, type UserText } from '../../../server/duet/conversation/pending-texts.js';

const text = (words: string, requestedTime: number | null = null): UserText => ({
  ...{ text: words, requestedTime, clientEventId: null, question: null },
});

function waiting(...texts: readonly UserText[]): PendingTexts {
  const pending = new PendingTexts();
  for (const each of texts) pending.add(each);
  return pending;
}

const words = (texts: readonly UserText[]): string[] => texts.map((each) => each.text);

test('a text without a time is due at once, one with a time from then on', () => {
  const pending = waiting(text('later', 2), text('now'), text('at the start', 0));
  expect(words(pending.due(0))).toEqual(['now', 'at the start']);
  expect(words(pending.due(1.999))).toEqual(['now', 'at the start']);
  expect(words(pending.due(2))).toEqual(['later', 'now', 'at the start']);
});

test('due texts come in order of arrival, not of their times, and at most as many as asked for', () => {
  const pending = waiting(text('b', 2), text('a', 1), text('c', 3));
  expect(words(pending.due(9))).toEqual(['b', 'a', 'c']);
  expect(words(pending.due(9, 1))).toEqual(['b']);
});

test('a due text waits until it is removed; of two equal ones only that one goes', () => {
  const [first, second] = [text('again'), text('again')];
  const pending = waiting(first, second);
  pending.due(0);
  expect(pending.count).toBe(2);
  pending.remove(second);
  expect(pending.due(0)[0]).toBe(first);
  expect(pending.count).toBe(1);
});

test('texts for a later time are told apart from those that are due', () => {
  const pending = waiting(text('now'), text('soon', 1), text('never', 99));
  expect([pending.countAfter(1), pending.hasDue(1)]).toEqual([1, true]);
  expect(waiting(text('never', 99)).hasDue(98.9)).toBe(false);
});
