import { overlapOf, type Box } from '../../runtime/detector/detection.js';
import type { ReadLine } from '../../runtime/reader/read-line.js';
import { editDistance } from './edit-distance.js';

/** A text in the picture, followed from look to look. */
export interface SeenText {
  /** In the order in which they were first seen, from 1. */
  readonly number: number;
  /** Its newest reading, or an older one that was surer; `look` is always the newest. */
  readonly line: ReadLine;
  /** Video time of the look in which it was first seen. */
  readonly since: number;
  /** Looks in a row in which it was found, and in which it was not. */
  readonly found: number;
  readonly missed: number;
  /** Whether it was sure enough to be told. */
  readonly told: boolean;
}

/** What a look has changed: texts that are told now, and told ones that are there no more. */
interface TextChanges {
  readonly texts: readonly SeenText[];
  readonly seen: readonly SeenText[];
  readonly gone: readonly SeenText[];
}

/**
 * The texts after a look that found `lines`; `next` is the number of the next new one. The same text is told
 * once: readings that differ a little are one text, wherever the camera moves it, but other digits are
 * another. A text is told as soon as a sure reading is there, or the second one that agrees; and is gone when
 * two looks in a row have not found it, or another text stands in its place twice.
 */
export function afterLook(
  before: readonly SeenText[],
  lines: readonly ReadLine[],
  { time, next }: { readonly time: number; readonly next: number },
): TextChanges {
  let number = next;
  const free = new Set(before);
  const found = lines.filter(isReadable).map((line) => {
    const same = nearestSame(line, free);
    if (same !== undefined) free.delete(same);
    return same === undefined ? newText(line, number++, time) : foundAgain(same, line);
  });
  const missing = [...free].map((text): SeenText => ({ ...text, found: 0, missed: text.missed + 1 }));
  const lost = missing.filter((text) => !text.told || text.missed >= missedBeforeGone);
  const told = found.map((text) => ({ ...text, told: text.told || isSure(text) }));
  return {
    texts: [...told, ...missing.filter((text) => !lost.includes(text))],
    seen: told.filter((text, index) => text.told && found[index]?.told === false),
    gone: lost.filter((text) => text.told),
  };
}

/** Whether another look might change what is known although the picture stays as it is. */
export function isUnsettled(texts: readonly SeenText[]): boolean {
  return texts.some(({ told, missed }) => !told || missed > 0);
}

/** The texts that the newest look has found and that may be quoted, in the order in which one reads. */
export function presentTexts(texts: readonly SeenText[]): readonly SeenText[] {
  const present = texts.filter(
    ({ missed, told, line }) => missed === 0 && (told || line.confidence >= quotable),
  );
  return present.sort(({ line: { box: one } }, { line: { box: other } }) =>
    isSameRow(one, other) ? one.x1 - other.x1 : one.y1 - other.y1,
  );
}

/** The third of the picture in which the middle of a line lies. */
export function placeOf({ box }: Pick<ReadLine, 'box'>): TextPlace {
  const middle = (box.x1 + box.x2) / 2;
  if (middle < 1 / 3) return 'left';
  return middle > 2 / 3 ? 'right' : 'middle';
}

/** The thirds of a picture, from the left. */
export const textPlaces = ['left', 'middle', 'right'] as const;

/** A third of the picture. */
export type TextPlace = (typeof textPlaces)[number];

/** Surer readings are told at once; less sure ones when they are read again; the least sure never. */
const sure = 0.92;
const quotable = 0.85;
const readable = 0.75;

const missedBeforeGone = 2;

/** Share of the picture that a text moves at most from one look to the next. */
const farthestMove = 0.5;

function isReadable({ text, confidence }: ReadLine): boolean {
  return confidence >= readable && lettersOf(text).length >= 2;
}

function isSure({ line, found }: SeenText): boolean {
  return line.confidence >= sure || found >= 2;
}

function newText(line: ReadLine, number: number, time: number): SeenText {
  return { number, line, since: time, found: 1, missed: 0, told: false };
}

function foundAgain(text: SeenText, line: ReadLine): SeenText {
  const better = line.confidence > text.line.confidence ? line : { ...line, ...readingOf(text.line) };
  return { ...text, line: better, found: text.found + 1, missed: 0 };
}

function readingOf({ text, confidence }: ReadLine): Pick<ReadLine, 'text' | 'confidence'> {
  return { text, confidence };
}

/** The text that a line is a reading of: the same words, nearest to where it was. */
function nearestSame(line: ReadLine, texts: ReadonlySet<SeenText>): SeenText | undefined {
  let best: { readonly text: SeenText; readonly distance: number } | undefined;
  for (const text of texts) {
    const distance = distanceOf(line.box, text.line.box);
    if (distance > farthestMove || !isSameReading(line, text.line)) continue;
    if (best === undefined || distance < best.distance) best = { text, distance };
  }
  return best?.text;
}

function isSameReading(one: ReadLine, other: ReadLine): boolean {
  const [a, b] = [lettersOf(one.text), lettersOf(other.text)];
  if (a === b) return true;
  if (digitsOf(a) !== digitsOf(b)) return false;
  // In one place more may differ than elsewhere: it is hardly another text.
  const share = overlapOf(one.box, other.box) >= 0.3 ? 0.4 : 0.2;
  return editDistance(a, b) <= Math.floor(share * Math.max(a.length, b.length));
}

/** Its letters and digits, in capitals: punctuation and spaces are what readings most often differ in. */
function lettersOf(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .toUpperCase();
}

function digitsOf(letters: string): string {
  return letters.replaceAll(/\P{Nd}/gu, '');
}

function distanceOf(one: Box, other: Box): number {
  const [dx, dy] = [one.x1 + one.x2 - other.x1 - other.x2, one.y1 + one.y2 - other.y1 - other.y2];
  return Math.hypot(dx, dy) / 2;
}

function isSameRow(one: Box, other: Box): boolean {
  const shared = Math.min(one.y2, other.y2) - Math.max(one.y1, other.y1);
  return shared > 0.5 * Math.min(one.y2 - one.y1, other.y2 - other.y1);
}
