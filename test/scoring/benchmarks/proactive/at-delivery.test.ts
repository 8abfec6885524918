import { describe, expect, test } from 'vitest';
import { requestsOfQuestion } from '../../../../server/scoring/benchmarks/proactive/proactive-scorer.js';
import {
  scorePauc,
  type JudgedQuestion,
} from '../../../../server/scoring/benchmarks/proactive/score-pauc.js';
import type { Prediction } from '../../../../server/scoring/data/prediction.js';
import { lexicalJudge } from '../../../../server/scoring/judges/kinds/lexical.js';
import { sourceOf } from '../../support/sources.js';

type Reply = readonly [time: number, content: string, deliveryTime: number | null];

function prediction(questionId: string, line: number, ...replies: Reply[]): Prediction {
  const turns = replies.map(([time, content, deliveryTime]) => {
    return { role: 'assistant', time, content, deliveryTime } as const;
  });
  return { type: 'online', questionId, line, turns, videoDuration: null, frames: [] };
}

const turn = { content: 'a red cat', related: [0, 10], reply: [0, 10] } as const;
const gold = new Map(
  ['a', 'b', 'c'].map((questionId) => [
    questionId,
    { questionId, question: 'What?', answer: [turn], tags: {} },
  ]),
);

const options = { mode: 'strict', unknown: 'fail', missing: 'silent', omega: 0 } as const;

async function score(predictions: readonly Prediction[], changed: { readonly mode?: 'compat' } = {}) {
  const judged: JudgedQuestion[] = [];
  const result = await scorePauc(
    sourceOf(predictions),
    gold,
    lexicalJudge,
    { ...options, ...changed },
    (one) => judged.push(one),
  );
  return { ...result, judged };
}

describe('PAUC at delivery time', () => {
  test('moves every reply to when a viewer had it, asking once about what stays the same', async () => {
    const result = await score([prediction('a', 1, [2, 'a red cat', 6])]);
    // 0.5 until the reply and 2 after it, over 10 s and a highest score of 2.
    const spoken = (2 * 0.5 + 8 * 2) / 20;
    const delivered = (6 * 0.5 + 4 * 2) / 20;
    expect(result.meanOverTurns).toBeCloseTo((spoken + 0.25 + 0.25) / 3, 12);
    expect(result.meanAtDelivery).toBeCloseTo((delivered + 0.25 + 0.25) / 3, 12);
    expect(result.counts.nJudgeCalls).toBe(1);
  });

  test('counts silence as silence, and leaves out what has replies whose delivery nobody measured', async () => {
    const result = await score([
      prediction('a', 1, [2, 'a red cat', 12]),
      prediction('b', 2, [0, 'a red cat', null]),
      prediction('c', 3),
    ]);
    expect(result.meanAtDelivery).toBe(0.25);
    expect(result.meanOverTurns).toBeGreaterThan(0.25);
  });

  test('is null where no reply says when it was delivered, and in compat mode', async () => {
    expect((await score([prediction('a', 1, [2, 'a red cat', null])])).meanAtDelivery).toBeNull();
    const compat = await score([prediction('a', 1, [2, 'a red cat', 6])], { mode: 'compat' });
    expect(compat.meanAtDelivery).toBeNull();
  });

  test('is asked for in a batch too, where delivery brings other words together', async () => {
    // The second reply overtakes the first.
    const overtaken = prediction('a', 1, [2, 'a red', 8], [4, 'cat', 5]);
    const { judged, counts } = await score([overtaken]);
    const requests = judged.flatMap((one) => requestsOfQuestion(one, 'strict'));
    expect(requests.map(({ customId, prediction: said }) => [customId, said])).toEqual([
      ['a*0*0', 'a red'],
      ['a*0*1', 'a red cat'],
      ['a*0*2', 'cat'],
      ['a*0*3', 'cat a red'],
    ]);
    expect(counts.nJudgeCalls).toBe(4);
  });
});
