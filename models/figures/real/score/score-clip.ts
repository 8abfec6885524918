import type { RealClip, RealEvent, RealQuestion } from '../real-clips.js';
import {
  gradeOf,
  happensAs,
  holdsAbout,
  isOf,
  judgeStatement,
  latestTelling,
  mayBeToldAt,
  speaksOf,
  type Grade,
  type Judgement,
} from './judge-statement.js';
import { foreignClaims } from './foreign-claims.js';
import { statementsIn, type Claim } from './statements.js';

/** A reply as it was given. */
export interface RealReply {
  readonly time: number;
  readonly content: string;
}

/** What the replies to one question about a clip are worth. */
export interface ClipScore {
  readonly question: RealQuestion;
  readonly clip: RealClip;
  readonly replies: readonly JudgedReply[];
  /** The events that were to be told, in order of their ends. */
  readonly wanted: readonly WantedEvent[];
  /** Right replies that tell again what other replies had told. */
  readonly repeats: number;
  /** What became of a question about now; null for others. */
  readonly answer: AnsweredNow | null;
}

/**
 * An event that was to be told: whether it was, also with each reply used once, and after how many seconds.
 */
interface WantedEvent {
  readonly event: RealEvent;
  readonly told: boolean;
  readonly toldOneToOne: boolean;
  readonly delay: number | null;
}

/** A reply with its grade; `neutral` if it claims nothing that is judged. */
interface JudgedReply extends RealReply {
  readonly grade: Grade | 'neutral';
  readonly statements: readonly (Claim & Judgement)[];
  /** Why it is false. */
  readonly reason: string;
}

/** The first reply within three seconds of a question about now. */
interface AnsweredNow {
  readonly answered: boolean;
  readonly right: boolean;
  /** How far the number that it says is off; null without a number. */
  readonly off: number | null;
}

/** Seconds within which a question about now is to be answered. */
const answerWithin = 3;

/** Judges all replies to a question about a clip. */
export function scoreClip(clip: RealClip, question: RealQuestion, replies: readonly RealReply[]): ClipScore {
  const { events } = clip;
  const target = targetOf(question);
  const claimed = replies.map((reply) => claimsOf(reply, question.language, events));
  const wanted = wantedEvents(events, question, target);
  const matched = matchOneToOne(wanted, claimed, events, target !== null);
  const judged = claimed.map((reply) => (target === null ? reply : judgeTelling(reply, target, events)));
  const isAgain = (reply: JudgedReply, index: number): boolean =>
    reply.grade === 'right' && !matched.used.has(index) && onlyMeans(reply, wanted, events);
  return {
    ...{ question, clip, replies: judged, wanted: matched.events },
    repeats: judged.filter(isAgain).length,
    answer:
      question.kind === 'count' || question.kind === 'place' ? answerOf(question, events, judged) : null,
  };
}

/** What "Tell me when a dog comes in from the left" asks for; null for other questions. */
function targetOf({ kind, text = '', english = text }: RealQuestion): Claim | null {
  if (kind !== 'come' && kind !== 'go' && kind !== 'never') return null;
  const told = english.replace(/^\s*(?:please )?(?:tell|let) me (?:know )?when(?:ever)? /i, '');
  return statementsIn(told)[0] ?? null;
}

function wantedEvents(
  events: readonly RealEvent[],
  { kind, text = '', time }: RealQuestion,
  target: Claim | null,
): readonly RealEvent[] {
  if (kind === 'count' || kind === 'place') return [];
  const asked = kind === 'thing' ? statementsIn(text)[0] : target;
  const isAsked = (event: RealEvent): boolean => {
    if (asked === undefined || asked === null) return true;
    if (!asked.classes.includes(event.thing)) return false;
    if (kind === 'thing') return true;
    return happensAs(asked, event) && (asked.side === undefined || asked.side === event.side);
  };
  const happened = events.filter(({ kind: own }) => own === 'enter' || own === 'appear' || own === 'leave');
  const sure = happened.filter(({ unsure, optional }) => !unsure && !optional);
  return sure
    .filter(({ start }) => start + latestTelling >= time)
    .filter(isAsked)
    .toSorted((one, other) => one.end - other.end || one.start - other.start);
}

/**
 * A reply with all its claims judged; one false claim makes it false, as does another language than asked in.
 */
function claimsOf(reply: RealReply, language: string, events: readonly RealEvent[]): JudgedReply {
  const { claims, inLanguage } =
    language === 'en'
      ? { claims: statementsIn(reply.content), inLanguage: true }
      : foreignClaims(reply.content, language);
  if (!inLanguage) return { ...reply, statements: [], grade: 'false', reason: `not in ${language}` };
  const statements = claims.map((statement) => ({
    ...statement,
    ...judgeStatement(statement, reply.time, events),
  }));
  const grades = statements.map(({ grade }) => grade);
  const worst = (['false', 'right', 'unsure'] as const).find((grade) => grades.includes(grade));
  const reasons = statements.map(({ reason }) => reason).filter((reason) => reason !== '');
  return { ...reply, statements, grade: worst ?? 'neutral', reason: reasons.join('; ') };
}

/** To "tell me when", what is true but was not asked for is false, and a bare "Now!" counts by its time. */
function judgeTelling(reply: JudgedReply, target: Claim, events: readonly RealEvent[]): JudgedReply {
  if (reply.grade === 'false') return reply;
  const hit = events.filter(
    (event) =>
      happensAs(target, event) &&
      (target.side === undefined || event.side === undefined || target.side === event.side) &&
      mayBeToldAt(event, reply.time) &&
      (isBare(reply) || reply.statements.some((statement) => isOf(statement, event))),
  );
  const grade = gradeOf(hit);
  return grade === null
    ? { ...reply, grade: 'false', reason: 'not what was asked for, or not then' }
    : { ...reply, grade };
}

function isBare({ content, statements }: JudgedReply): boolean {
  const bare = /^\W*(?:yes|now|here|there|just now|right now|ok|okay|look)\b/i;
  return statements.length === 0 && bare.test(content);
}

/** Which wanted events were told, and by which replies if each tells as many as it says. */
function matchOneToOne(
  wanted: readonly RealEvent[],
  replies: readonly JudgedReply[],
  events: readonly RealEvent[],
  bareCounts: boolean,
): { readonly events: readonly WantedEvent[]; readonly used: ReadonlySet<number> } {
  const left = replies.map(({ statements }) => Math.max(1, ...statements.map(({ count = 1 }) => count)));
  const used = new Set<number>();
  const told = wanted.map((event): WantedEvent => {
    const tells = (reply: JudgedReply): boolean =>
      reply.statements.some(
        (statement) => statement.grade !== 'false' && speaksOf(statement, event, reply.time, events),
      ) ||
      (bareCounts && isBare(reply) && mayBeToldAt(event, reply.time));
    const first = replies.find(tells);
    const own = replies.findIndex((reply, index) => (left[index] ?? 0) > 0 && tells(reply));
    if (own >= 0) {
      left[own] = (left[own] ?? 0) - (event.count ?? 1);
      used.add(own);
    }
    const delay = first === undefined ? null : first.time - event.start;
    return { event, told: first !== undefined, toldOneToOne: own >= 0, delay };
  });
  return { events: told, used };
}

/**
 * Whether a reply tells nothing but comings and goings that were wanted, so that it can only tell them again.
 */
function onlyMeans(
  { statements, time }: JudgedReply,
  wanted: readonly RealEvent[],
  events: readonly RealEvent[],
): boolean {
  if (statements.length === 0 || statements.some(({ kind }) => kind === 'count' || kind === 'is'))
    return false;
  const meant = events.filter((event) =>
    statements.some((statement) => speaksOf(statement, event, time, events)),
  );
  return meant.every((event) => wanted.includes(event));
}

function answerOf(
  { time, text = '' }: RealQuestion,
  events: readonly RealEvent[],
  replies: readonly JudgedReply[],
): AnsweredNow {
  const reply = replies.find((each) => each.time >= time && each.time <= time + answerWithin);
  if (reply === undefined) return { answered: false, right: false, off: null };
  const asked = statementsIn(text)[0];
  const states = events.filter(
    (event) =>
      event.kind === 'count' &&
      !event.unsure &&
      asked !== undefined &&
      isOf(asked, event) &&
      holdsAbout(event, reply.time),
  );
  const said = reply.statements.find(({ count }) => count !== undefined)?.count;
  const offs = states.map(({ count = 1 }) => Math.abs(count - (said ?? NaN)));
  const off = said === undefined || offs.length === 0 ? null : Math.min(...offs);
  return { answered: true, right: reply.grade === 'right', off };
}
