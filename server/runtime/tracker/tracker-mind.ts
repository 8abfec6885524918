import type { Association } from '../detector/association.js';
import { answerTo } from './answers.js';
import { happenedIn, type Happened } from '../detector/happened.js';
import { readQuestion, type TrackerQuestion } from './questions.js';
import { eventSentence } from './sentences.js';

/** What a tracker remembers of a conversation after a frame or a text. It is never changed. */
export interface TrackerMind {
  readonly association: Association | null;
  /** What is asked for from now on. */
  readonly watched: readonly WatchQuestion[];
  /** Questions about now that wait for a frame in which they can be answered. */
  readonly asked: readonly NowQuestion[];
  /** Whether anything was asked; until then everything is told. */
  readonly questioned: boolean;
  /** What there is to say, unless it was said; the oldest first. */
  readonly statements: readonly Statement[];
}

type WatchQuestion = Extract<TrackerQuestion, { type: 'watch' }>;
type NowQuestion = Exclude<TrackerQuestion, { type: 'watch' }> & { readonly number: number };

/** Something to say: an event, or the answer to a question. */
export interface Statement {
  /** The same for the same event or question, however often it is found again. */
  readonly key: string;
  readonly time: number;
  /** From 0 to 1. */
  readonly sureness: number;
  readonly said:
    { readonly type: 'event'; readonly event: Happened } | { readonly type: 'answer'; readonly text: string };
}

/** The mind at the beginning of a conversation. */
export const emptyMind: TrackerMind = {
  ...{ association: null, watched: [], asked: [], questioned: false, statements: [] },
};

/** The mind after a frame. */
export function afterFrame(before: TrackerMind, association: Association): TrackerMind {
  const { time, scene } = association;
  const again = before.association !== null && before.association.time === time;
  const events = again ? [] : happenedIn(association);
  const settled = time - Math.max(scene.start, scene.cut) >= settling || before.asked.length === 0;
  const answers = settled ? before.asked.map((question) => answered(question, association)) : [];
  const wanted = events.filter((event) => isWanted(event, before));
  const fresh = wanted.map((event): Statement => ({
    ...{ key: event.key, time, sureness: event.sureness },
    said: { type: 'event', event },
  }));
  const recent = before.statements.filter(
    (statement) => time - statement.time <= heldBack && statement.time <= time,
  );
  return {
    ...before,
    association,
    asked: settled ? [] : before.asked,
    statements: [...recent, ...answers, ...fresh],
  };
}

/** The mind after a text of the user; `number` counts texts. */
export function afterText(before: TrackerMind, text: string, number: number): TrackerMind {
  const question = readQuestion(text);
  if (question === null) return before;
  if (question.type === 'watch') {
    return { ...before, questioned: true, watched: [...before.watched, question].slice(-mostQuestions) };
  }
  const asked = [...before.asked, { ...question, number }].slice(-mostQuestions);
  return { ...before, questioned: true, asked };
}

/** What the statements say together, equal events counted: `Two people come in from the left.` */
export function sayAll(statements: readonly Statement[]): string {
  const sentences: string[] = [];
  const events = new Map<string, { readonly event: Happened; readonly count: number }>();
  for (const { said } of statements) {
    if (said.type === 'answer') {
      sentences.push(said.text);
      continue;
    }
    const { kind, thing, side } = said.event;
    const name = `${kind} ${thing} ${side}`;
    events.set(name, { event: said.event, count: (events.get(name)?.count ?? 0) + 1 });
  }
  return [...sentences, ...[...events.values()].map(({ event, count }) => eventSentence(event, count))].join(
    ' ',
  );
}

/** Seconds after a cut before a question about now is answered: until then little is known. */
const settling = 0.8;

/** Seconds for which something may be said late, because the assistant was not to speak. */
const heldBack = 1.5;

const mostQuestions = 8;

function answered(question: NowQuestion, association: Association): Statement {
  const text = answerTo(question, association);
  return {
    key: `question ${question.number}`,
    time: association.time,
    sureness: 1,
    said: { type: 'answer', text },
  };
}

function isWanted({ kind, thing, side }: Happened, { watched, questioned }: TrackerMind): boolean {
  if (!questioned) return true;
  return watched.some(
    ({ things, only }) =>
      (things === null || things.includes(thing)) &&
      (only.kinds === null || only.kinds.includes(kind)) &&
      (only.side === null || side === '' || only.side === side),
  );
}
