import { manyOf, nameOf, oneOf } from './things.js';
import type { Happened } from '../detector/happened.js';

/** An event that happened to `count` things of a class at once, as a sentence. */
export function eventSentence(
  { kind, thing, side }: Pick<Happened, 'kind' | 'thing' | 'side'>,
  count: number,
): string {
  const one = count === 1;
  const subject = capital(one ? oneOf(thing) : `${numberWord(count)} ${manyOf(thing)}`);
  switch (kind) {
    case 'enter':
      return `${subject} ${one ? 'comes' : 'come'} in${side === '' ? '' : ` from the ${side}`}.`;
    case 'appear':
      return `${subject} ${one ? 'appears' : 'appear'}.`;
    case 'leave':
      return `${subject} ${one ? 'leaves' : 'leave'}${side === '' ? '' : ` to the ${side}`}.`;
    case 'vanish':
      return `${subject} ${one ? 'is' : 'are'} gone.`;
    default:
      return kind satisfies never;
  }
}

/** How many things of a class there are, as a sentence. */
export function countSentence(thing: number, count: number): string {
  if (count === 0) return thing === 0 ? 'There is nobody.' : `There are no ${manyOf(thing)}.`;
  const number = numberWord(count);
  return count === 1 ? `There is one ${nameOf(thing)}.` : `There are ${number} ${manyOf(thing)}.`;
}

/** What is at a place, as a sentence: things and how many of each. */
export function placeSentence(place: string, found: ReadonlyMap<number, number>): string {
  const where = place === 'middle' ? 'in the middle' : `on the ${place}`;
  const things = [...found].map(([thing, count]) =>
    count === 1 ? oneOf(thing) : `${numberWord(count)} ${manyOf(thing)}`,
  );
  const list = [things.slice(0, -1).join(', '), things.at(-1) ?? '']
    .filter((part) => part !== '')
    .join(' and ');
  if (list === '') return `Nothing that I know is ${where}.`;
  const several = things.length > 1 || [...found.values()].some((count) => count > 1);
  return `${capital(list)} ${several ? 'are' : 'is'} ${where}.`;
}

function numberWord(count: number): string {
  const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  return words[count] ?? String(count);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
