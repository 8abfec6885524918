import { expect, test } from 'vitest';
import type { Association } from '../../../server/runtime/detector/association.js';
import { happenedIn } from '../../../server/runtime/detector/happened.js';
import { followed, framesOf, type SeenThing } from '../support/detections.js';

const [person, car, dog] = [0, 2, 16];

/** The events of ten seconds, as `time kind thing side`. */
function eventsOf(
  thingsAt: (time: number) => readonly SeenThing[],
  brightnessAt: (time: number) => number = () => 0.5,
): string[] {
  const told: string[] = [];
  let association: Association | null = null;
  for (const { time, things } of framesOf(0, 10, thingsAt)) {
    association = followed(association, things, time, brightnessAt(time));
    for (const { kind, thing, side } of happenedIn(association)) {
      told.push(`${Math.round(time)} ${kind} ${thing} ${side === '' ? '-' : side}`);
    }
  }
  return told;
}

/** A thing that crosses from the left, from `start` on, a fifth of the picture a second. */
const crossing =
  (thing: number, start: number) =>
  (time: number): readonly SeenThing[] => {
    const x = (time - start) * 0.2;
    return time < start || x > 1.05 ? [] : [{ thing, x }];
  };

test('who crosses the picture enter in on one side and leave on the other', () => {
  expect(eventsOf(crossing(person, 2))).toEqual([`3 enter ${person} left`, `8 leave ${person} right`]);
});

test('and the other way round', () => {
  const told = eventsOf((time) => crossing(car, 2)(time).map(({ thing, x }) => ({ thing, x: 1 - x })));
  expect(told).toEqual([`3 enter ${car} right`, `8 leave ${car} left`]);
});

test('what the detector misses for a moment, or sees once, is no event', () => {
  const flicker = (time: number): readonly SeenThing[] => [
    ...(time > 3 && time < 4 ? [] : [{ thing: car, x: 0.5, score: 0.8 }]),
    ...(time === 6 ? [{ thing: dog, x: 0.05 }] : []),
  ];
  expect(eventsOf(flicker)).toEqual([]);
});

test('who is there from the beginning appears, people even if they are seen less surely', () => {
  const both = (): readonly SeenThing[] => [
    { thing: person, x: 0.3, score: 0.75 },
    { thing: car, x: 0.7, score: 0.75 },
  ];
  expect(eventsOf(both)).toEqual([`1 appear ${person} -`]);
});

test('who stands in the picture and vanishes alone is gone; in a crowd that is not said', () => {
  const lonely = (time: number): readonly SeenThing[] => (time < 5 ? [{ thing: dog, x: 0.5 }] : []);
  expect(eventsOf(lonely)).toEqual([`1 appear ${dog} -`, `7 vanish ${dog} -`]);
  const crowd = (time: number): readonly SeenThing[] => [...lonely(time), { thing: dog, x: 0.2 }];
  expect(eventsOf(crowd)).toEqual([`1 appear ${dog} -`, `1 appear ${dog} -`]);
});

test('a cut is no leaving, and what is there after it appears if it is sure', () => {
  const slides = (time: number): readonly SeenThing[] => [
    time < 5 ? { thing: person, x: 0.97 } : { thing: dog, x: 0.5 },
    ...(time < 5 ? [] : [{ thing: car, x: 0.2, score: 0.7 }]),
  ];
  expect(eventsOf(slides, (time) => (time < 5 ? 0.2 : 0.7))).toEqual([
    `1 appear ${person} -`,
    `6 appear ${dog} -`,
  ]);
});

test('two who come in together are two', () => {
  const pair = (time: number): readonly SeenThing[] =>
    crossing(
      person,
      2,
    )(time).flatMap((first) => [
      { ...first, y: 0.3, height: 0.25 },
      { ...first, y: 0.7, height: 0.25 },
    ]);
  expect(eventsOf(pair).filter((told) => told.includes('enter'))).toHaveLength(2);
});
