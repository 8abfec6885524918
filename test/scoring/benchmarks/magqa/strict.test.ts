import { describe, expect, test } from 'vitest';
import { judgedLine, readJudged } from '../../../../server/scoring/benchmarks/magqa/judged-line.js';
import { summarise } from '../../../../server/scoring/benchmarks/magqa/magqa-result.js';
import { scoreMagqa } from '../../../../server/scoring/benchmarks/magqa/magqa-scorer.js';
import { defaultMagqaOptions, type MagqaOptions } from '../../../../server/scoring/benchmarks/magqa/rules.js';
import { selectExamples } from '../../../../server/scoring/benchmarks/magqa/select-examples.js';
import { mapInOrder } from '../../../../server/concurrency/map-in-order.js';
import type { OnlinePrediction } from '../../../../server/scoring/data/prediction.js';
import { readQaAnnotations, type QaAnnotation } from '../../../../server/scoring/data/qa-annotations.js';
import type { Judge } from '../../../../server/scoring/judges/judge.js';
import { lexicalJudge, lexicalRating } from '../../../../server/scoring/judges/kinds/lexical.js';
import { openJudge } from '../../../../server/scoring/judges/kinds/open-judge.js';
import { readRecordedJudge } from '../../../../server/scoring/judges/kinds/recorded.js';
import { goldenPath } from '../../support/golden.js';
import { collect, goldenSource, sourceOf } from '../../support/sources.js';
import { temporaryFiles } from '../../support/temporary-files.js';

type Reply = readonly [time: number, content: string, deliveryTime?: number];

function prediction(id: string, ...replies: Reply[]): OnlinePrediction {
  const turns = replies.map(([time, content, deliveryTime]) => {
    return { role: 'assistant', time, content, deliveryTime: deliveryTime ?? null } as const;
  });
  return { type: 'online', questionId: id, line: 1, turns, videoDuration: 60, frames: [] };
}

function annotation(
  id: string,
  ...answer: (readonly [content: string, start: number, end: number])[]
): QaAnnotation {
  const turns = answer.map(([content, start, end]) => ({ content, span: [start, end] as const }));
  return { questionId: id, question: 'q', questionTime: 0, answer: turns, tags: {} };
}

function score(
  gold: readonly QaAnnotation[],
  predictions: readonly OnlinePrediction[],
  options: Partial<MagqaOptions> = {},
  judge: Judge = lexicalJudge,
) {
  return scoreMagqa({
    source: sourceOf(predictions),
    gold: new Map(gold.map((each) => [String(each.questionId), each])),
    judge,
    options: { ...defaultMagqaOptions, ...options },
  });
}

describe('MAGQA in strict mode', () => {
  const gold = [
    annotation('a', ['a red cat', 0, 10]),
    annotation('b', ['a blue dog', 0, 10]),
    annotation('c'),
  ];

  test('counts a silent and a missing example as 1, and leaves one without gold turns out', async () => {
    const result = await score(gold, [prediction('a'), prediction('c', [1, 'hello'])]);
    expect(result.inSpanValues).toEqual([1, 1]);
    expect(result.counts).toMatchObject({ nScored: 1, nPadded: 1, nNoReply: 1, nNoGold: 1, nMissing: 1 });
  });

  test('leaves missing examples out when asked not to pad', async () => {
    const result = await score(gold, [prediction('a', [5, 'a red cat'])], { pad: false });
    expect(result.inSpan).toBe(5);
    expect(result.counts.nPadded).toBe(0);
  });

  test('leaves out and counts replies before the question; compat counts them as turns', async () => {
    const asked = { ...annotation('a', ['a red cat', 10, 20]), questionTime: 10 };
    const early = prediction('a', [5, 'a blue dog'], [9.9, 'a blue dog'], [10, 'a red cat']);
    const result = await score([asked], [early]);
    expect(result).toMatchObject({ turns: 1, turnsDedup: 1, inSpan: 5, outOfSpanRatio: 0 });
    expect(result.counts.nBeforeQuestion).toBe(2);
    const published = await score([asked], [early], { mode: 'compat', numExamples: 1 });
    expect(published).toMatchObject({ turns: 3, turnsDedup: 2 });
    expect(published.counts.nBeforeQuestion).toBe(0);
  });

  test('scores what the viewer got at delivery time beside the frame time, asking once', async () => {
    const late = prediction('a', [5, 'a red cat', 12]);
    const result = await score(gold.slice(0, 1), [late]);
    expect(result.inSpan).toBe(5);
    expect(result.inSpanAtDelivery).toBe(1);
    expect(result.counts.nJudgeCalls).toBe(1);
    const compat = await score(gold.slice(0, 1), [late], { mode: 'compat' });
    expect(compat.inSpanAtDelivery).toBeNull();
  });

  test('counts silence and missing examples at delivery time as it does at frame time', async () => {
    const result = await score(gold, [prediction('a', [5, 'a red cat', 6]), prediction('b')]);
    expect(result.inSpan).toBe(result.inSpanAtDelivery);
    const padded = await score(gold, [prediction('a', [5, 'a red cat', 6])], { numExamples: 10 });
    expect(padded.inSpanAtDelivery).toBeCloseTo((5 + 9) / 10, 12);
    expect(padded.inSpanAtDelivery).toBe(padded.inSpan);
  });

  test('counts a reply of the judge that cannot be read, and one out of range', async () => {
    const replies = ['no idea', 9];
    const judge = { ...lexicalJudge, rate: () => Promise.resolve(replies.shift() ?? '1') };
    const result = await score(gold, [prediction('a', [5, 'x']), prediction('b', [5, 'y'])], {}, judge);
    expect(result.inSpan).toBe(1);
    expect(result.counts.nUnparsableReplies).toBe(2);
  });

  test('joins the replies of an example when asked', async () => {
    const said = prediction('a', [2, 'a red'], [20, 'A RED '], [30, 'cat']);
    const joined = await score(gold.slice(0, 1), [said], { concat: true });
    expect(joined.inSpan).toBe(5);
    await expect(score(gold, [said], { concat: true, mode: 'compat' })).rejects.toThrow('use strict');
  });

  test('takes 7 and "7" for the same question; compat does not', async () => {
    const asNumber = { ...prediction('7', [5, 'a red cat']), questionId: 7 };
    const strict = await score([annotation('7', ['a red cat', 0, 10])], [asNumber]);
    expect(strict.inSpan).toBe(5);
    const compat = score([annotation('7', ['a red cat', 0, 10])], [asNumber], { mode: 'compat' });
    await expect(compat).rejects.toThrow('no annotation: 7');
  });

  test('gives the same result whatever waits for the judge at once', async () => {
    const source = () => goldenSource('magqa/pred.jsonl', false);
    const all = await readQaAnnotations(goldenPath('magqa/gold.json'), 'strict');
    const judge = await readRecordedJudge(goldenPath('magqa/judge_calls.json'));
    const run = (concurrency: number) =>
      scoreMagqa({ source: source(), gold: all, judge, options: { ...defaultMagqaOptions, concurrency } });
    expect(await run(8)).toEqual(await run(1));
  });
});

describe('a judged file', () => {
  test('gives back the figures of the run that wrote it', async () => {
    using files = temporaryFiles();
    const lines: string[] = [];
    const options = { ...defaultMagqaOptions, mode: 'compat', numExamples: 200 } as const;
    const result = await scoreMagqa({
      source: goldenSource('magqa/pred.jsonl', false),
      gold: await readQaAnnotations(goldenPath('magqa/gold.json'), 'compat'),
      judge: await readRecordedJudge(goldenPath('magqa/judge_calls.json')),
      options,
      onJudged: (example) => lines.push(judgedLine(example)),
    });
    const file = files.write('judged.jsonl', lines.join('\n'));
    const rows = await collect(readJudged(file, true, 'first_character'));
    const { examples, padTo } = selectExamples(rows, [], options);
    expect(summarise(examples, padTo).inSpan).toBe(result.inSpan);
  });

  test('reads ratings that are text, and names a matrix that does not fit', async () => {
    using files = temporaryFiles();
    const line = {
      question_id: 'a',
      model_response_list: [{ time: 1, content: 'x', role: 'assistant' }],
      evaluator_output: [['4 - good']],
      answer: ['x'],
      answer_time: [[0, 2]],
    };
    const [row] = await collect(
      readJudged(files.write('a.jsonl', JSON.stringify(line)), true, 'first_character'),
    );
    expect(row?.score.inSpan).toBe(4);
    const odd = files.write('odd.jsonl', JSON.stringify({ ...line, evaluator_output: [[1, 2]] }));
    await expect(collect(readJudged(odd, true, 'first_character'))).rejects.toThrow(
      'odd.jsonl:1: field evaluator_output: expected 1 rows of 1 ratings',
    );
  });
});

describe('judges', () => {
  test.each([
    ['a red cat', 'a red cat', 5],
    ['a red cat', 'A RED CAT!', 5],
    ['a red cat', 'blue', 1],
    ['a red cat', '', 1],
    ['a red cat', 'a red dog', 4],
  ])('the lexical one rates %j against %j with %d', (gold, said, rating) => {
    expect(lexicalRating({ question: 'q', gold, prediction: said }, 'agreement')).toBe(rating);
  });

  test('the lexical one is never comparable, and an unknown name is refused', async () => {
    expect((await openJudge('lexical')).comparable).toBe(false);
    await expect(openJudge('gpt')).rejects.toThrow('unknown judge "gpt"');
  });

  test('results come in the order of the items, no more at once than asked', async () => {
    let running = 0;
    let most = 0;
    const results = await collect(
      mapInOrder(
        sourceOf([0, 1, 2, 3, 4].map((id) => prediction(String(id)))).predictions,
        2,
        async (item) => {
          running += 1;
          most = Math.max(most, running);
          for (let wait = Number(item.questionId); wait < 4; wait += 1) await Promise.resolve();
          running -= 1;
          return item.questionId;
        },
      ),
    );
    expect(results).toEqual(['0', '1', '2', '3', '4']);
    expect(most).toBe(2);
  });

  test('the first failure ends the stream after the rest has settled', async () => {
    const settled: string[] = [];
    const items = sourceOf(['a', 'b'].map((id) => prediction(id))).predictions;
    const failing = mapInOrder(items, 2, async ({ questionId }) => {
      await Promise.resolve();
      settled.push(String(questionId));
      if (questionId === 'a') throw new Error('no');
      return questionId;
    });
    await expect(collect(failing)).rejects.toThrow('no');
    expect(settled).toEqual(['a', 'b']);
  });
});
