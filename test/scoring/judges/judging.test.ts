import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRecording } from '../../../server/scoring/judges/asking/recording.js';
import type { Judge, JudgeCase } from '../../../server/scoring/judges/judge.js';
import type { JudgingPlan } from '../../../server/scoring/judges/judging-plan.js';
import { openJudging } from '../../../server/scoring/judges/judging.js';
import { fakeJudgeEndpoint } from '../../support/fake-judge-endpoint.js';
import { ratesByWords } from '../../support/lexical-endpoint.js';
import { caseOf, plannedJudge, planFor, temporaryFolder } from './judge-setup.js';

const { signal } = new AbortController();
const cases = ['a red cat', 'a cat', 'a dog'].map((prediction) => caseOf(prediction));

/** Work that asks about every case once, and is never asked to leave anything behind. */
function asking(all: readonly JudgeCase[]) {
  const replies = (judge: Judge) => Promise.all(all.map((each) => judge.rate(each, 'agreement')));
  return { dryRun: replies, score: replies };
}

describe('judging by a plan', () => {
  test('gives what the work gave, who judged, and what it took', async () => {
    const judging = await openJudging(planFor('lexical'), { signal });
    expect(judging.judge).toMatchObject({ id: 'lexical', comparable: false });
    const outcome = await judging.run(asking(cases));
    expect(outcome).toMatchObject({
      type: 'judged',
      judge: { id: 'lexical' },
      result: ['5', '4', '3'],
      judging: { nCases: 3, nRequests: 0, dollars: 0, notJudged: [], swap: null, second: null },
    });
  });

  test('only estimates on a dry run, of both orders and both judges', async () => {
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const judge = plannedJudge('openai:m', { url: endpoint.url, price: { input: 1, output: 1 } });
    const plan: JudgingPlan = planFor('', { judge, dryRun: true, swap: 'report', second: judge });
    const outcome = await (await openJudging(plan, { signal })).run(asking([...cases, ...cases]));
    // The gold answer is one of the predictions: exchanged, it is the same case.
    expect(outcome).toMatchObject({ type: 'estimated', estimate: { replies: 9, calls: 8 } });
    expect(endpoint.heard).toHaveLength(0);
  });

  test('refuses what is estimated to be over the budget before the work begins', async () => {
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const judge = plannedJudge('openai:m', { url: endpoint.url, price: { input: 1000, output: 1000 } });
    const judging = await openJudging(planFor('', { judge, budget: 0.01 }), { signal });
    let begun = false;
    const score = () => Promise.resolve((begun = true));
    await expect(judging.run({ ...asking(cases), score })).rejects.toThrow('--judge-budget 0.01');
    expect(begun).toBe(false);
    expect(endpoint.heard).toHaveLength(0);
  });

  test('takes replies from a recording and adds the others to it, telling how far it has come', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const judge = plannedJudge('openai:m', { url: endpoint.url });
    const file = join(folder.path, 'calls.jsonl');
    const told: string[] = [];
    const judgeSome = async (some: readonly JudgeCase[]) => {
      const onProgress = (done: number, total: number) => told.push(`${done}/${total}`);
      const judging = await openJudging(planFor('', { judge }), { signal, onProgress });
      const recording = openRecording(file, judging.judge);
      await judging.run({ ...asking(some), recording });
      recording.close();
    };
    await judgeSome(cases.slice(0, 2));
    await judgeSome(cases);
    await judgeSome(cases);
    expect(endpoint.heard).toHaveLength(3);
    // The last run had nothing to wait for.
    expect(told).toEqual(['1/2', '2/2', '1/3', '2/3', '3/3']);
    const replayed = await (await openJudging(planFor(`recorded:${file}`), { signal })).run(asking(cases));
    expect(replayed).toMatchObject({ type: 'judged', result: ['5', '4', '3'] });
  });
});
