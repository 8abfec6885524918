import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { scoreCommand } from '../../../server/cli/score/score-command.js';
import { goldenPath, readGolden, readGoldenLines } from '../../scoring/support/golden.js';
import { temporaryFiles } from '../../scoring/support/temporary-files.js';

const objectSchema = z.record(z.string(), z.unknown());

async function score(...flags: string[]): Promise<string> {
  const printed: string[] = [];
  const command = scoreCommand((text) => printed.push(text));
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({ writeErr: () => undefined });
  }
  await command.parseAsync(flags, { from: 'user' });
  expect(printed).toHaveLength(1);
  return printed.join('');
}

async function scoreJson(task: string, pred: string, gold: string, ...flags: string[]) {
  const files = ['--pred', goldenPath(pred), '--gold', goldenPath(gold)];
  return objectSchema.parse(JSON.parse(await score(task, ...files, '--json', ...flags)));
}

const recorded = `recorded:${goldenPath('magqa/judge_calls.json')}`;
const magqa = (...flags: string[]) =>
  scoreJson('magqa', 'magqa/pred.jsonl', 'magqa/gold.json', '--judge', recorded, ...flags);

describe('duet score', () => {
  test('magqa prints the figures and counts of the golden run', async () => {
    expect(await magqa('--mode', 'compat')).toMatchObject({
      turns: 0.425,
      turns_dedup: 0.2525,
      n_scored: 190,
      n_padded: 1810,
      n_no_reply: 10,
      n_judge_calls: 392,
      mode: 'compat',
      judge: { id: recorded, comparable: true },
    });
    const unpadded = await magqa('--mode', 'compat', '--num-examples', '200', '--no-pad', '--no-all-match');
    expect(unpadded['in_span']).toBeCloseTo(2.0434164978047957, 9);
    expect(unpadded).toMatchObject({ n_scored: 189, n_padded: 0, n_skipped_timeless: 1 });
  });

  test('magqa writes the judged file of the reference', async () => {
    using files = temporaryFiles();
    const judged = files.write('judged.jsonl', '');
    await magqa('--mode', 'compat', '--save-judged', judged);
    const row = z.object({ question_id: z.string(), evaluator_output: z.array(z.array(z.number())) });
    const lines = readFileSync(judged, 'utf8').trim().split('\n');
    expect(lines.map((line) => row.parse(JSON.parse(line)))).toEqual(
      readGoldenLines('magqa/expected_eval.jsonl', row),
    );
  });

  test('magqa in strict mode counts what is missing and what cannot be read', async () => {
    expect(await magqa()).toMatchObject({
      mode: 'strict',
      n_gold: 205,
      n_predictions: 200,
      n_scored: 199,
      n_padded: 5,
      n_missing: 5,
      n_no_gold: 1,
      n_unparsable_replies: 6,
    });
  });

  test('grounding prints the sweep under rows', async () => {
    const body = await scoreJson(
      'grounding',
      'grounding/pred_current.jsonl',
      'grounding/gold.json',
      '--mode',
      'compat',
    );
    const row = z.object({
      smooth_window_size: z.number(),
      threshold: z.number(),
      scores: z.array(z.number()),
    });
    const rows = z.array(row).parse(body['rows']);
    const expected = readGolden('grounding/expected.json', z.object({ sweep: z.array(row) })).sweep;
    expect(rows).toHaveLength(315);
    expect(rows.map((each) => each.threshold)).toEqual(expected.map((each) => each.threshold));
    expect(rows.at(100)?.scores[0]).toBeCloseTo(expected.at(100)?.scores[0] ?? Number.NaN, 6);
    expect(body['chosen']).toBeNull();
  });

  test('grounding reports the row chosen on a development split, and the oracle as one', async () => {
    const files = [
      '--dev-pred',
      goldenPath('grounding/pred_current.jsonl'),
      '--dev-gold',
      goldenPath('grounding/gold.json'),
    ];
    const body = await scoreJson(
      'grounding',
      'grounding/pred_current.jsonl',
      'grounding/gold.json',
      ...files,
    );
    expect(body['chosen']).toMatchObject({ origin: 'development' });
    expect(body['oracle_rows']).toMatchObject([
      { oracle: true },
      ...Array<object>(14).fill({ oracle: true }),
    ]);
  });

  test('highlight prints the brief map of every window', async () => {
    const body = await scoreJson(
      'highlight',
      'highlight/pred_current.jsonl',
      'highlight/gold.jsonl',
      '--mode',
      'compat',
    );
    expect(body['windows']).toMatchObject({
      0: { 'HL-min-Fair-mAP': 41.28, 'HL-min-VeryGood-mAP': 15.71, 'HL-min-VeryGood-Hit1': 24 },
    });
    expect(Object.keys(objectSchema.parse(body['windows']))).toHaveLength(15);
  });

  test('densecap prints metrics and the tier of METEOR', async () => {
    const body = await scoreJson('densecap', 'densecap/pred.jsonl', 'densecap/gold.json', '--mode', 'compat');
    const metrics = z.record(z.string(), z.number()).parse(body['metrics']);
    expect(metrics['CIDER']).toBeCloseTo(34.13896723155759, 6);
    expect(metrics['F1_Score']).toBeCloseTo(7.517099757886839, 6);
    expect(body['meteor_tier']).toBe('exact+stem');
  });

  test('pauc prints its means', async () => {
    using files = temporaryFiles();
    const answer = [{ content: 'a cat', related_timespan: [0, 10], reply_timespan: [0, 10] }];
    const gold = files.write('gold.json', JSON.stringify([{ question_id: 1, question: 'q', answer }]));
    const turns = [{ role: 'assistant', content: 'a cat', time: 5 }];
    const pred = files.write('pred.jsonl', JSON.stringify({ question_id: 1, model_response_list: turns }));
    const calls = [{ question: 'q', gold: 'a cat', pred: 'a cat', reply: '3' }];
    const judge = `recorded:${files.write('calls.json', JSON.stringify(calls))}`;
    const body = await score(
      'pauc',
      '--pred',
      pred,
      '--gold',
      gold,
      '--judge',
      judge,
      '--omega',
      '0',
      '--json',
    );
    expect(JSON.parse(body)).toMatchObject({ pauc: 0.625, mean_over_videos: 0.625, first_reply_latency: 5 });
  });

  test('names what is wrong, on one line', async () => {
    using files = temporaryFiles();
    const gold = goldenPath('magqa/gold.json');
    const lines = readFileSync(goldenPath('magqa/pred.jsonl'), 'utf8').split('\n');
    const torn = files.write('torn.jsonl', `${lines[0] ?? ''}\n${lines[1]?.slice(0, 50) ?? ''}`);
    const against = (pred: string) => score('magqa', '--pred', pred, '--gold', gold, '--judge', 'lexical');
    await expect(against(torn)).rejects.toThrow('torn.jsonl:2: the JSON ends too early');
    await expect(against('nowhere.jsonl')).rejects.toThrow('nowhere.jsonl: no such file');
    const stranger = files.write('stranger.jsonl', '{"question_id":"who","model_response_list":[]}');
    await expect(against(stranger)).rejects.toThrow('1 predictions have no annotation: "who"');
    const twice = files.write('twice.jsonl', `${lines[0] ?? ''}\n${lines[0] ?? ''}`);
    await expect(against(twice)).rejects.toThrow('twice.jsonl:2: field question_id');
    const window = scoreJson(
      'highlight',
      'highlight/pred_current.jsonl',
      'highlight/gold.jsonl',
      '--window',
      '99',
    );
    await expect(window).rejects.toThrow('window 99 is not in the sweep');
    const unwritable = magqa('--save-judged', '/nowhere/judged.jsonl');
    await expect(unwritable).rejects.toThrow('/nowhere/judged.jsonl: cannot be written');
    await expect(score('magqa', '--pred', torn, '--gold', gold, '--judge', 'oracle')).rejects.toThrow(
      'unknown judge "oracle"',
    );
    await expect(
      score('pauc', '--pred', torn, '--gold', gold, '--judge', 'lexical', '--omega', '2'),
    ).rejects.toThrow('0 to 1');
  });
});
