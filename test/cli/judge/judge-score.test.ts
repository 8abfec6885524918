import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { goldenPath } from '../../scoring/support/golden.js';
import { temporaryFolder } from '../../scoring/judges/judge-setup.js';
import { temporaryFiles } from '../../scoring/support/temporary-files.js';
import { fakeJudgeEndpoint } from '../../support/fake-judge-endpoint.js';
import { ratesByWords } from '../../support/lexical-endpoint.js';
import { fewGoldenFiles, score } from './judge-commands.js';

const goldenFiles = fewGoldenFiles();

const objectSchema = z.record(z.string(), z.unknown());
const judgeSchema = z.object({ judge: objectSchema });

async function scoreJson(...flags: string[]) {
  return objectSchema.parse(JSON.parse(await score('magqa', ...goldenFiles, '--json', ...flags)));
}

const asked = (url: string, ...flags: string[]) =>
  scoreJson('--judge', 'openai:fake', '--judge-url', url, ...flags);

describe('duet score with a judge behind an endpoint', () => {
  test('scores like the same judge without an endpoint, asking about every case only once', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const cached = ['--judge-cache', folder.path];
    const first = await asked(endpoint.url, ...cached);
    const atHome = await scoreJson('--judge', 'lexical');
    for (const name of ['in_span', 'best', 'turns', 'n_judge_calls', 'n_scored', 'interval']) {
      expect(first[name], name).toEqual(atHome[name]);
    }
    const { judge } = judgeSchema.parse(first);
    expect(judge).toMatchObject({
      id: 'openai:fake',
      comparable: true,
      endpoint: endpoint.url,
      n_cache_hits: 0,
    });
    expect(judge['n_requests']).toBe(endpoint.heard.length);
    expect(judge['n_cases']).toBe(endpoint.heard.length);
    expect(judge['input_tokens']).toBe(100 * endpoint.heard.length);
    expect(judge['dollars']).toBeNull();
    expect(endpoint.mostAtOnce()).toBeLessThanOrEqual(8);
    const before = endpoint.heard.length;
    const second = await asked(endpoint.url, ...cached);
    expect(endpoint.heard).toHaveLength(before);
    expect(second['in_span']).toBe(first['in_span']);
    expect(second['judge']).toMatchObject({ n_requests: 0, n_cache_hits: before, dollars: 0 });
  });

  test('estimates without asking, and refuses what is over the budget', async () => {
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const plain = ['--no-judge-cache', '--judge-price', '2.5,10'];
    const { judge } = judgeSchema.parse(await asked(endpoint.url, ...plain, '--judge-dry-run'));
    const estimate = z
      .object({
        ratings: z.number(),
        calls: z.number(),
        input_tokens: z.number(),
        output_tokens: z.number(),
        dollars: z.number(),
      })
      .parse(judge);
    expect(estimate.calls).toBe(estimate.ratings);
    expect(estimate.output_tokens).toBe(16 * estimate.calls);
    expect(estimate.dollars).toBeCloseTo(
      (estimate.input_tokens * 2.5 + estimate.output_tokens * 10) / 1e6,
      12,
    );
    await expect(asked(endpoint.url, ...plain, '--judge-budget', '0.01')).rejects.toThrow(
      '--judge-budget 0.01',
    );
    await expect(asked(endpoint.url, '--no-judge-cache', '--judge-budget', '1')).rejects.toThrow(
      '--judge-price',
    );
    expect(endpoint.heard).toHaveLength(0);
    const both = await asked(
      endpoint.url,
      ...plain,
      '--judge-dry-run',
      '--judge-swap',
      '--second-judge',
      'lexical',
    );
    expect(both['judge']).toMatchObject({ ratings: 3 * estimate.ratings });
    await asked(endpoint.url, ...plain, '--judge-budget', '1000');
    expect(endpoint.heard).toHaveLength(estimate.calls);
  });

  test('stops within the budget when replies have to be asked for again', async () => {
    // A reply without a rating, from a service that counts no tokens.
    const body = JSON.stringify({ choices: [{ message: { content: 'well' } }] });
    await using endpoint = await fakeJudgeEndpoint(() => ({
      type: 'raw',
      body,
      contentType: 'application/json',
    }));
    // A reply may have 16 tokens, so that a request is estimated at a cent.
    const priced = ['--no-judge-cache', '--judge-price', '0,625', '--judge-concurrency', '4'];
    const dryRun = await asked(endpoint.url, ...priced, '--judge-dry-run');
    const { calls } = z.object({ calls: z.number() }).parse(judgeSchema.parse(dryRun).judge);
    const enough = (0.01 * calls).toFixed(2);
    await expect(asked(endpoint.url, ...priced, '--judge-budget', enough)).rejects.toThrow(
      `could exceed --judge-budget ${Number(enough)}`,
    );
    expect(endpoint.heard).toHaveLength(calls);
  });

  test('finds bad lines before it asks anything', async () => {
    using files = temporaryFiles();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const gold = files.write(
      'gold.json',
      JSON.stringify([
        { question_id: 'a', conversation: [{ content: 'q' }], answer: [{ content: 'a cat', time: [0, 9] }] },
      ]),
    );
    const turns = [{ role: 'assistant', content: 'a cat', time: 5 }];
    const good = JSON.stringify({ question_id: 'a', model_response_list: turns });
    const pred = files.write('pred.jsonl', `${good}\n{"question_id":"b","model_resp`);
    const run = score(
      'magqa',
      '--pred',
      pred,
      '--gold',
      gold,
      '--judge',
      'openai:m',
      '--judge-url',
      endpoint.url,
      '--no-judge-cache',
    );
    await expect(run).rejects.toThrow('pred.jsonl:2');
    expect(endpoint.heard).toHaveLength(0);
  });

  test('reports both orders, and scores their mean when asked', async () => {
    // Favours whatever is shown as the ground truth when it is short.
    await using endpoint = await fakeJudgeEndpoint(({ messages }) => {
      const gold = /Ground truth: (.*)/.exec(messages.at(-1)?.content ?? '')?.[1] ?? '';
      return { type: 'reply', text: gold.length < 45 ? '5' : '1' };
    });
    const plain = await asked(endpoint.url, '--no-judge-cache', '--judge-swap');
    const cases = endpoint.heard.length / 2;
    expect(plain['judge']).toMatchObject({ n_cases: cases, swap: { scored: 'first', n: cases } });
    const swap = z
      .object({ share_differing: z.number(), mean_absolute_difference: z.number() })
      .parse(judgeSchema.parse(plain).judge['swap']);
    expect(swap.share_differing).toBeGreaterThan(0);
    expect(swap.mean_absolute_difference).toBeCloseTo(4 * swap.share_differing, 12);
    const mean = await asked(endpoint.url, '--no-judge-cache', '--judge-swap', 'mean');
    expect(mean['judge']).toMatchObject({ swap: { ...swap, scored: 'mean' } });
    expect(mean['in_span']).not.toBe(plain['in_span']);
    expect(z.array(z.string()).parse(mean['notes']).join()).toContain('mean of two');
  });

  test('measures how far a second judge agrees, and whether length pays', async () => {
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const same = await asked(endpoint.url, '--no-judge-cache', '--second-judge', 'lexical');
    expect(same['judge']).toMatchObject({
      second: {
        id: 'lexical',
        comparable: false,
        quadratic_weighted_kappa: 1,
        exact_agreement: 1,
        n_unusable: 0,
      },
    });
    // A judge that rates by length alone: every three characters are a step.
    await using shallow = await fakeJudgeEndpoint(({ messages }) => {
      const said = /Prediction: (.*)/.exec(messages.at(-1)?.content ?? '')?.[1] ?? '';
      return { type: 'reply', text: String(Math.min(5, 1 + Math.floor(said.length / 15))) };
    });
    const other = await asked(
      endpoint.url,
      ...['--no-judge-cache', '--second-judge', 'openai:other', '--second-judge-url', shallow.url],
    );
    const second = z.object({ quadratic_weighted_kappa: z.number() });
    const { quadratic_weighted_kappa } = second.parse(judgeSchema.parse(other).judge['second']);
    expect(quadratic_weighted_kappa).toBeLessThan(0.5);
    const biased = await asked(shallow.url, '--no-judge-cache');
    const bias = z
      .object({ prediction_length: z.number() })
      .parse(judgeSchema.parse(biased).judge['length_bias']);
    expect(bias.prediction_length).toBeGreaterThan(0.7);
    const table = await score(
      'magqa',
      ...goldenFiles,
      '--judge',
      'openai:fake',
      '--judge-url',
      shallow.url,
      '--no-judge-cache',
    );
    expect(table).toContain('length bias over');
  });

  test('scores pauc, whose mean of both orders would mean nothing', async () => {
    using files = temporaryFiles();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const answer = [{ content: 'a cat', related_timespan: [0, 10], reply_timespan: [0, 10] }];
    const gold = files.write('gold.json', JSON.stringify([{ question_id: 1, question: 'q', answer }]));
    const turns = [{ role: 'assistant', content: 'a cat', time: 5 }];
    const pred = files.write('pred.jsonl', JSON.stringify({ question_id: 1, model_response_list: turns }));
    const flags = ['pauc', '--pred', pred, '--gold', gold, '--omega', '0', '--json', '--no-judge-cache'];
    const judged = ['--judge', 'openai:m', '--judge-url', endpoint.url];
    expect(JSON.parse(await score(...flags, ...judged))).toMatchObject({
      pauc: 0.625,
      judge: { n_cases: 1 },
    });
    await expect(score(...flags, ...judged, '--judge-swap', 'mean')).rejects.toThrow(
      'use --judge-swap report',
    );
  });

  test('takes its key from a file, and names what is wrong with flags', async () => {
    using files = temporaryFiles();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const key = files.write('key', 'secret-key\n');
    await asked(endpoint.url, '--no-judge-cache', '--judge-key-file', key);
    expect(new Set(endpoint.authorization)).toEqual(new Set(['Bearer secret-key']));
    await using second = await fakeJudgeEndpoint(ratesByWords);
    const beside = ['--second-judge', 'openai:other', '--second-judge-url', second.url];
    await asked(endpoint.url, '--no-judge-cache', '--judge-key-file', key, ...beside);
    const own = files.write('own', 'other-key\n');
    await asked(endpoint.url, '--no-judge-cache', ...beside, '--second-judge-key-file', own);
    expect(new Set(second.authorization)).toEqual(new Set([undefined, 'Bearer other-key']));
    const two = files.write('two', 'one\ntwo\n');
    await expect(asked(endpoint.url, '--judge-key-file', two)).rejects.toThrow('expected one line');
    await expect(score('magqa', ...goldenFiles)).rejects.toThrow(
      "required option '--judge <name>' not specified",
    );
    await expect(score('magqa', '--judge', 'lexical')).rejects.toThrow("'--gold <file>' not specified");
    await expect(asked(endpoint.url, '--judge-price', '3')).rejects.toThrow('two prices');
    await expect(asked(endpoint.url, '--judge-concurrency', '0')).rejects.toThrow('from 1 to 1000');
    const unwritable = join(goldenPath('magqa/gold.json'), 'cache');
    await expect(asked(endpoint.url, '--judge-cache', unwritable)).rejects.toThrow(
      'no cache can be kept here',
    );
  });
});
