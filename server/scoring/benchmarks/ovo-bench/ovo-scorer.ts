import type { PlainScorer, ScoringRequest } from '../../benchmark.js';
import { openPredictions } from '../../data/read-predictions.js';
import { readFirstReplies } from '../first-replies.js';
import { missingIn } from '../common-rules.js';
import { readOvoPoints, type OvoPoint } from './ovo-annotations.js';
import { ovoReport } from './ovo-report.js';
import { ovoRuleOf, scoreOvo, type OvoCases } from './ovo-scores.js';
import type { OvoRules } from './rules.js';

/** Reads the questions of OVO-Bench, and scores the first reply to each. */
export async function openOvoBench(request: ScoringRequest<OvoRules>): Promise<PlainScorer> {
  const { annotations, mode, unknown, rules } = request;
  const options = { mode, unknown, missing: missingIn(mode, rules.missing) };
  const gold = await readOvoPoints(annotations, mode);
  return {
    type: 'plain',
    gold,
    score: async (predictions) => {
      const source = openPredictions(predictions, { frames: false });
      const { replies, counts } = await readFirstReplies(source, gold, options);
      const asked = [...gold].flatMap(([key, point]) => {
        const reply = replies.get(key);
        return reply === undefined ? [] : [{ key, point, reply: reply?.text ?? null }];
      });
      const rule = ovoRuleOf(mode);
      const examples = asked.map(({ key, point, reply }) => {
        const right = rightOf(point, reply, rule);
        return { id: key, value: right ? 1 : 0, tags: point.tags };
      });
      return ovoReport({ score: scoreOvo(casesOf(asked), rule), examples, counts }, options);
    },
  };
}

type Answered = readonly { readonly point: OvoPoint; readonly reply: string | null }[];

function rightOf(point: OvoPoint, reply: string | null, rule: ReturnType<typeof ovoRuleOf>): boolean {
  return point.group === 'forward' ? rule.forward({ ...point, reply }) : rule.choice({ ...point, reply });
}

function casesOf(asked: Answered): OvoCases {
  const choices = (group: 'backward' | 'realtime') =>
    asked.flatMap(({ point, reply }) => (point.group === group ? [{ ...point, reply }] : []));
  return {
    backward: choices('backward'),
    realtime: choices('realtime'),
    forward: asked.flatMap(({ point, reply }) => (point.group === 'forward' ? [{ ...point, reply }] : [])),
  };
}
