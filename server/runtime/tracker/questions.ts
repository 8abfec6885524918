import { thingsIn } from './things.js';
import type { EventKind, Third } from '../detector/sentences.js';

/** What a user wants to know, as far as a tracker can tell. */
export type TrackerQuestion =
  /** Everything that happens, or what some things do; null: all things. */
  | { readonly type: 'watch'; readonly things: readonly number[] | null; readonly only: EventFilter }
  | { readonly type: 'count' | 'presence'; readonly things: readonly number[] }
  | { readonly type: 'place'; readonly place: Third };

/** Which events are asked for; null: any. */
interface EventFilter {
  readonly kinds: readonly EventKind[] | null;
  readonly side: 'left' | 'right' | null;
}

/** Reads a question in English; null for what a tracker cannot answer. */
export function readQuestion(text: string): TrackerQuestion | null {
  const plain = ` ${text
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim()} `;
  const things = thingsIn(plain);
  const place = / (?:on|in|at) the (left|right|middle|centre|center) /.exec(plain)?.[1];
  if (/ how many /.test(plain)) return things.length > 0 ? { type: 'count', things } : null;
  if (/ (?:when|whenever|if|as soon as) /.test(plain) && things.length > 0) {
    const only = { kinds: kindsIn(plain), side: sideIn(plain) };
    return { type: 'watch', things, only };
  }
  if (/^ (?:what|who) (?:is|s|are|do you see) /.test(plain) && place !== undefined && things.length === 0) {
    return { type: 'place', place: place === 'left' || place === 'right' ? place : 'middle' };
  }
  if (/^ (?:is|are) (?:there|any|anybody|anyone|somebody)/.test(plain)) {
    return things.length > 0 ? { type: 'presence', things } : null;
  }
  if (everything.test(plain)) return { type: 'watch', things: null, only: anyEvent };
  return / do(?:es|ing)? /.test(plain) && things.length > 0
    ? { type: 'watch', things, only: anyEvent }
    : null;
}

const anyEvent: EventFilter = { kinds: null, side: null };

const everything = /happen|going on|describe|narrate|what do you see|tell me (?:everything|what)/;

function sideIn(plain: string): EventFilter['side'] {
  if (/ (?:from|to|on) the left /.test(plain)) return 'left';
  return / (?:from|to|on) the right /.test(plain) ? 'right' : null;
}

function kindsIn(plain: string): EventFilter['kinds'] {
  const comes = / (?:com(?:e|es|ing)|enter\w*|arriv\w*|appear\w*|show\w*|return\w*|walks? in|is there) /.test(
    plain,
  );
  const goes = / (?:leav\w*|gone|go(?:es)? (?:away|out)|exit\w*|disappear\w*|vanish\w*) /.test(plain);
  if (comes === goes) return null;
  return comes ? ['enter', 'appear'] : ['leave', 'vanish'];
}
