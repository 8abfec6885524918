import type { RealEvent } from '../real-clips.js';
import type { Claim } from './statements.js';

/** How a statement turned out: `unsure` where the labels do not decide. */
export type Grade = 'right' | 'unsure' | 'false';

/** A grade, and why it is false. */
export interface Judgement {
  readonly grade: Grade;
  readonly reason: string;
}

/** Seconds after its end within which an event may still be told. */
export const latestTelling = 2.5;
/** Seconds: how early an event may be told, and how long before and after a state may be named. */
const early = 0.5;
const before = 1;
const after = 0.5;

/** Judges a statement made at a second of a clip. */
export function judgeStatement(statement: Claim, time: number, events: readonly RealEvent[]): Judgement {
  if (statement.classes.length === 0) return wrong('no thing that is known');
  switch (statement.kind) {
    case 'comes':
    case 'goes':
      return judgeEvent(statement, time, events);
    case 'count':
      return judgeCount(statement, time, events);
    case 'is':
      return judgePresence(statement, time, events);
    default:
      return statement.kind satisfies never;
  }
}

/**
 * Whether an event is one that a statement of a time may speak of; only sides that contradict rule it out.
 */
export function speaksOf(
  statement: Claim,
  event: RealEvent,
  time: number,
  events: readonly RealEvent[],
): boolean {
  if (!happensAs(statement, event) || !mayBeToldAt(event, time)) return false;
  const { side, place } = statement;
  if (side !== undefined && !isSide(side, event)) return false;
  if (place === undefined || event.place === place) return true;
  return event.place === undefined && isAboutThen(statement, time, events);
}

/** Whether the event is of the statement's kind, and happens to its thing. */
export function happensAs(statement: Pick<Claim, 'kind' | 'classes'>, event: RealEvent): boolean {
  const kinds = statement.kind === 'comes' ? ['enter', 'appear'] : statement.kind === 'goes' ? ['leave'] : [];
  return kinds.includes(event.kind) && isOf(statement, event);
}

/** Whether the statement names the event's thing, or another that may be said for it. */
export function isOf({ classes }: Pick<Claim, 'classes'>, { thing, also }: RealEvent): boolean {
  return classes.includes(thing) || also.some((other) => classes.includes(other));
}

/** Whether an event may be told at that second. */
export function mayBeToldAt({ start, end }: RealEvent, time: number): boolean {
  return time >= start - early && time <= end + latestTelling;
}

/** Whether a state holds about that second. */
export function holdsAbout({ start, end }: RealEvent, time: number): boolean {
  return start <= time + after && end >= time - before;
}

/** Right if a sure event is among them, unsure if others are; null for none. */
export function gradeOf(events: readonly RealEvent[]): Grade | null {
  if (events.length === 0) return null;
  return events.some(({ unsure }) => !unsure) ? 'right' : 'unsure';
}

/** What appears came through no side; of what goes at an unknown side, no side can be right. */
function isSide(side: string, event: RealEvent): boolean {
  if (event.side !== undefined) return event.side === side;
  return event.unsure || event.kind === 'enter';
}

/** Whether such a thing was seen at the place that is named: "The person on the left leaves." */
function isAboutThen(statement: Claim, time: number, events: readonly RealEvent[]): boolean {
  const earlier = statement.kind === 'goes' ? 3 : 0;
  return events.some(
    (event) =>
      event.kind === 'present' &&
      isOf(statement, event) &&
      event.place === statement.place &&
      event.start <= time + after + 1 &&
      event.end >= time - before - earlier,
  );
}

function judgeEvent(statement: Claim, time: number, events: readonly RealEvent[]): Judgement {
  const meant = events.filter((event) => speaksOf(statement, event, time, events));
  const did = meant.reduce((sum, { count = 1 }) => sum + count, 0);
  if (statement.count !== undefined && statement.count > 1 && did < statement.count) {
    return wrong(`${statement.count} said, ${did} did`);
  }
  const grade = gradeOf(meant);
  return grade === null ? wrong(`nothing ${statement.kind} then like this`) : judged(grade);
}

function judgeCount(statement: Claim, time: number, events: readonly RealEvent[]): Judgement {
  const own = events.filter((event) => isOf(statement, event) && holdsAbout(event, time));
  const states = own.filter(({ kind }) => kind === 'count');
  const grade = gradeOf(states.filter(({ count }) => count === statement.count));
  if (grade !== null) return judged(grade);
  if (gradeOf(states) === 'right') {
    const real = [...new Set(states.map(({ count }) => count))].join(' or ');
    return wrong(`${statement.count ?? ''} said, there are ${real}`);
  }
  const there = own.filter(({ kind }) => kind === 'present');
  if (statement.count === 0) return gradeOf(there) === 'right' ? wrong('there is') : judged('right');
  return there.length > 0 ? judged('unsure') : wrong('none there');
}

function judgePresence(statement: Claim, time: number, events: readonly RealEvent[]): Judgement {
  const { count, place } = statement;
  const there = events.filter(
    (event) =>
      event.kind === 'present' &&
      isOf(statement, event) &&
      holdsAbout(event, time) &&
      (place === undefined || event.place === place),
  );
  if (count === 0) return gradeOf(there) === 'right' ? wrong('there is') : judged('right');
  if (count !== undefined && count > 1 && place !== undefined) return judgeNumberAt(count, there);
  const grade = gradeOf(there);
  return grade === null ? wrong(`none${place === undefined ? '' : ` at ${place}`} then`) : judged(grade);
}

function judgeNumberAt(said: number, there: readonly RealEvent[]): Judgement {
  const sure = there.filter(({ unsure }) => !unsure).reduce((sum, { count = 1 }) => sum + count, 0);
  if (sure === said) return judged('right');
  const undecided = there.some(({ unsure, count }) => unsure || count === undefined);
  return undecided ? judged('unsure') : wrong(`${said} said, ${sure} there`);
}

function judged(grade: Grade): Judgement {
  return { grade, reason: '' };
}

function wrong(reason: string): Judgement {
  return { grade: 'false', reason };
}
