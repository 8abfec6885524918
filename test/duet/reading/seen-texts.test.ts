import { describe, expect, test } from 'vitest';
import {
  afterLook,
  isUnsettled,
  presentTexts,
  type SeenText,
} from '../../../server/duet/reading/seen-texts.js';
import { holdsWords } from '../../../server/duet/reading/words-in-text.js';
import type { ReadLine } from '../../../server/runtime/reader/read-line.js';

/** A line that begins at a share of the picture's width. */
function line(text: string, { x1 = 0.1, y1 = 0.4, confidence = 0.97 } = {}): ReadLine {
  return { text, confidence, box: { x1, y1, x2: x1 + 0.2, y2: y1 + 0.1 }, look: new Uint8Array(512) };
}

/** Plays looks a second apart; gives what was told, as `+text` and `-text` with its time. */
function told(...looks: readonly (readonly ReadLine[])[]): { events: string[]; texts: readonly SeenText[] } {
  let [texts, next]: [readonly SeenText[], number] = [[], 1];
  const events: string[] = [];
  for (const [time, lines] of looks.entries()) {
    const after = afterLook(texts, lines, { time, next });
    texts = after.texts;
    next = Math.max(next, ...texts.map(({ number }) => number + 1));
    for (const gone of after.gone) events.push(`${time}-${gone.line.text}`);
    for (const seen of after.seen) events.push(`${time}+${seen.line.text}`);
  }
  return { events, texts };
}

describe('what is told of texts', () => {
  test('the same sign is told once, also when it is read a little otherwise or moves', () => {
    const looks = [[line('NO PARKING')], [line('NOPARKING')], [line('NO PARKlNG.', { x1: 0.3 })]];
    expect(told(...looks).events).toEqual(['0+NO PARKING']);
  });

  test('a sure reading is told at once, a less sure one when it comes again, a poor one never', () => {
    expect(told([line('EXIT')]).events).toEqual(['0+EXIT']);
    expect(told([line('EXIT', { confidence: 0.8 })]).events).toEqual([]);
    expect(told([line('EXIT', { confidence: 0.8 })], [line('EXIT', { confidence: 0.82 })]).events).toEqual([
      '1+EXIT',
    ]);
    const poor = [line('EXIT', { confidence: 0.6 })];
    expect(told(poor, poor, poor).events).toEqual([]);
  });

  test('marks without letters, and single letters, are no text', () => {
    const marks = [line('...'), line('-|-', { y1: 0.7 }), line('I', { y1: 0.1 })];
    expect(told(marks, marks).events).toEqual([]);
  });

  test('a text that one look misses is not gone', () => {
    expect(told([line('EXIT')], [], [line('EXIT')], []).events).toEqual(['0+EXIT']);
    expect(told([line('EXIT')], [], []).events).toEqual(['0+EXIT', '2-EXIT']);
  });

  test('other digits are another text', () => {
    expect(told([line('HOME 2')], [line('HOME 3')], [line('HOME 3')]).events).toEqual([
      '0+HOME 2',
      '1+HOME 3',
      '2-HOME 2',
    ]);
  });

  test('two signs that say the same are two', () => {
    expect(told([line('STOP'), line('STOP', { x1: 0.7 })]).events).toEqual(['0+STOP', '0+STOP']);
  });

  test('the surest reading is kept', () => {
    const { texts } = told(
      [line('SALE', { confidence: 0.93 })],
      [line('SALES', { confidence: 0.99 })],
      [line('SALE')],
    );
    expect(texts.map((text) => text.line.text)).toEqual(['SALES']);
  });
});

test('what is settled need not be looked at again', () => {
  expect(isUnsettled(told([line('EXIT')]).texts)).toBe(false);
  expect(isUnsettled(told([line('EXIT', { confidence: 0.8 })]).texts)).toBe(true);
  expect(isUnsettled(told([line('EXIT')], []).texts)).toBe(true);
  expect(isUnsettled([])).toBe(false);
});

test('texts are present in the order of reading, without what the newest look has missed', () => {
  const { texts } = told(
    [line('gone')],
    [line('right', { x1: 0.6, y1: 0.12 }), line('below', { y1: 0.7 }), line('left', { y1: 0.1 })],
  );
  expect(presentTexts(texts).map((text) => text.line.text)).toEqual(['left', 'right', 'below']);
});

test.each([
  ['STOP', 'stop', true],
  ['BUS STOP', 'Stop', true],
  ['NONSTOP', 'stop', false],
  ['STOPPED', 'stop', false],
  ['NOPARKING ANYTIME', 'no parking', true],
  ['Ecole', 'école', true],
  ['前方出口', '出口', true],
  ['Exit 4', 'exit 5', false],
  ['anything', '!?', false],
])('whether "%s" holds "%s": %s', (text, words, holds) => {
  expect(holdsWords(text, words)).toBe(holds);
});
