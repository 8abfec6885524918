import { finiteOrNull, mean } from '../../statistics/mean.js';
import type { Mode } from '../../mode.js';
import { containsGold, statesGold, type ChoiceCase } from '../multiple-choice.js';

/** One point in time at which a forward task is tested. */
interface ForwardPoint {
  readonly task: 'REC' | 'SSR' | 'CRR';
  /** REC: the count so far; SSR and CRR: 1 where the answer is yes by now, else 0. */
  readonly gold: number;
  readonly reply: string | null;
}

/** Everything OVO-Bench asks. */
export interface OvoCases {
  readonly backward: readonly ChoiceCase[];
  readonly realtime: readonly ChoiceCase[];
  readonly forward: readonly ForwardPoint[];
}

/** Accuracies in percent; null for a group without questions. */
export interface OvoScore {
  readonly tasks: ReadonlyMap<string, number>;
  readonly backward: number | null;
  readonly realtime: number | null;
  readonly forward: number | null;
  /** Mean of the three groups; null unless all of them have questions. */
  readonly total: number | null;
}

/** What makes a reply right. */
interface OvoRule {
  readonly choice: (item: ChoiceCase) => boolean;
  readonly forward: (item: ForwardPoint) => boolean;
}

/** The published rule in `compat`, what it meant in `strict`. */
export function ovoRuleOf(mode: Mode): OvoRule {
  return mode === 'compat'
    ? { choice: containsGold, forward: isForwardRight }
    : { choice: statesGold, forward: statesForward };
}

/** The reply must say the number, or begin with yes or no, in any case. */
function statesForward({ task, gold, reply }: ForwardPoint): boolean {
  if (reply === null) return false;
  if (task !== 'REC') return (gold === 1 ? /^\W*y(es)?\b/i : /^\W*no?\b/i).test(reply);
  const numbers = reply.match(/\d+/g) ?? [];
  return numbers.length === 1 && Number(numbers[0]) === gold;
}

/** The published rule of a point: digits joined, or a substring; no reply is wrong. */
function isForwardRight({ task, gold, reply }: ForwardPoint): boolean {
  if (reply === null) return false;
  switch (task) {
    case 'REC':
      return (reply.match(/[0-9]/g) ?? []).join('') === String(gold);
    case 'SSR':
    case 'CRR':
      return gold === 1 ? reply.includes('Yes') || reply === 'Y' : reply.includes('No') || reply === 'N';
  }
}

/**
 * OVO-Bench: accuracy per task, a group is the mean of its tasks, the total the mean of its groups. In the
 * forward tasks every point counts once, whatever video it belongs to.
 */
export function scoreOvo(cases: OvoCases, rule: OvoRule = ovoRuleOf('compat')): OvoScore {
  const backward = taskPercents(cases.backward, rule.choice);
  const realtime = taskPercents(cases.realtime, rule.choice);
  const forward = taskPercents(cases.forward, rule.forward);
  const groups = [backward, realtime, forward].map((tasks) => mean([...tasks.values()]));
  const [backwardMean = Number.NaN, realtimeMean = Number.NaN, forwardMean = Number.NaN] = groups;
  return {
    tasks: new Map([...backward, ...realtime, ...forward]),
    backward: finiteOrNull(backwardMean),
    realtime: finiteOrNull(realtimeMean),
    forward: finiteOrNull(forwardMean),
    total: finiteOrNull(mean(groups)),
  };
}

function taskPercents<Case extends { readonly task: string }>(
  cases: readonly Case[],
  isRight: (item: Case) => boolean,
): Map<string, number> {
  const byTask = new Map<string, number[]>();
  for (const item of cases) {
    const points = byTask.get(item.task) ?? [];
    points.push(isRight(item) ? 100 : 0);
    byTask.set(item.task, points);
  }
  return new Map([...byTask].map(([task, points]) => [task, mean(points)]));
}
