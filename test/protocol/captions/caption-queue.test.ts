import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CaptionQueue } from '../../../server/protocol/captions/caption-queue.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What was on the screen at which second, from now on. */
function watchedQueue(staySeconds: number | null = null, columns?: number) {
  const shown: string[] = [];
  const begin = Date.now();
  const queue = new CaptionQueue(
    (lines) => {
      shown.push(`${(Date.now() - begin) / 1000} ${lines.join(' / ') || '-'}`);
    },
    { staySeconds, ...(columns !== undefined && { columns }) },
  );
  return {
    shown,
    add: (text: string): void => {
      queue.add({ text });
    },
    stop: (): void => {
      queue.stop();
    },
  };
}

const long =
  'A red kite appears at the top and drifts to the left, over the boats and far away from the pier.';

test('a caption stays as long as it takes to read, then the screen is clear', () => {
  const { shown, add } = watchedQueue();
  add('A dog.');
  vi.advanceTimersByTime(60_000);
  add('A red kite appears at the top and drifts to the left.');
  vi.runAllTimers();
  expect(shown).toEqual([
    '0 A dog.',
    '2 -',
    '60 A red kite appears at the / top and drifts to the left.',
    expect.stringMatching(/^63\.\d+ -$/),
  ]);
});

test('a long reply is shown two lines at a time', () => {
  const { shown, add } = watchedQueue();
  add(long);
  vi.runAllTimers();
  expect(shown.map((entry) => entry.replace(/^\S+ /, ''))).toEqual([
    'A red kite appears at the top and / drifts to the left, over the',
    'boats and far away from the pier.',
    '-',
  ]);
});

test('while others wait a caption is shown shorter, and of many that wait the oldest are left out', () => {
  const { shown, add } = watchedQueue();
  for (let number = 1; number <= 50; number += 1) add(`Number ${number} passes the gate.`);
  vi.runAllTimers();
  expect(shown).toEqual([
    '0 Number 1 passes the gate.',
    '1.2 Number 48 passes the gate.',
    '2.4 Number 49 passes the gate.',
    '3.6 Number 50 passes the gate.',
    '5.6 -',
  ]);
});

test('one that has been read gives way at once', () => {
  const { shown, add } = watchedQueue(10);
  add('A dog.');
  vi.advanceTimersByTime(5000);
  add('A cat.');
  vi.runAllTimers();
  expect(shown).toEqual(['0 A dog.', '5 A cat.', '15 -']);
});

test('captions may stay until the next', () => {
  const { shown, add } = watchedQueue(Infinity);
  add('A dog.');
  vi.advanceTimersByTime(86_400_000);
  add('A cat.');
  vi.runAllTimers();
  expect(shown).toEqual(['0 A dog.', '86400 A cat.']);
});

test('lines have as many columns as the screen takes, and what waits can be forgotten', () => {
  const { shown, add, stop } = watchedQueue(null, 16);
  add('A red kite appears at the top and drifts.');
  stop();
  vi.runAllTimers();
  expect(shown).toEqual(['0 A red kite / appears at the']);
});
