import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../../scoring/judges/judge-setup.js';
import { goldenPath } from '../../scoring/support/golden.js';
import { temporaryFiles } from '../../scoring/support/temporary-files.js';
import { fakeJudgeEndpoint, type Behaviour } from '../../support/fake-judge-endpoint.js';
import { ratesByWords } from '../../support/lexical-endpoint.js';
import { fewGoldenFiles, fewPredictions, judge, score } from './judge-commands.js';

const files = fewGoldenFiles();

const figures = z.looseObject({ in_span: z.number(), n_scored: z.number(), n_no_reply: z.number() });
const scoreFigures = async (...flags: string[]) =>
  figures.parse(JSON.parse(await score('magqa', ...flags, '--json')));

describe('duet judge', () => {
  test.each(['strict', 'compat'])(
    'writes a file that scores like the predictions did, in %s mode',
    async (mode) => {
      using folder = temporaryFolder();
      const judged = join(folder.path, 'judged.jsonl');
      const recorded = `recorded:${goldenPath('magqa/judge_calls.json')}`;
      await judge('magqa', ...files, '--judge', recorded, '--mode', mode, '-o', judged);
      const straight = await scoreFigures(...files, '--judge', recorded, '--mode', mode);
      const gold = ['--gold', goldenPath('magqa/gold.json')];
      const again = await scoreFigures('--judged', judged, ...gold, '--mode', mode);
      for (const name of ['in_span', 'best', 'turns', 'turns_dedup', 'n_scored', 'n_padded', 'interval']) {
        expect(again[name], name).toEqual(straight[name]);
      }
      expect(again['judge']).toMatchObject({ id: recorded, comparable: true });
      const lines = readFileSync(judged, 'utf8').trim().split('\n');
      // Silent lines are kept in strict mode and left out in compat.
      expect(lines.length).toBe(mode === 'strict' ? 20 : 20 - straight.n_no_reply);
      const alone = await scoreFigures('--judged', judged, '--mode', mode);
      expect(alone['notes']).toContainEqual(expect.stringContaining('give --gold'));
    },
  );

  test('carries on after a kill at any byte, and ends with the file of a run that was not', async () => {
    using folder = temporaryFolder();
    const judged = join(folder.path, 'judged.jsonl');
    const run = () => judge('magqa', ...files, '--judge', 'lexical', '-o', judged);
    await run();
    const whole = readFileSync(judged);
    for (let cut = 0; cut <= whole.length; cut += Math.ceil(whole.length / 40)) {
      writeFileSync(judged, whole.subarray(0, cut));
      await run();
      expect(readFileSync(judged).equals(whole), `cut at ${cut}`).toBe(true);
    }
  });

  test('asks only about what is left, and records the replies', async () => {
    using folder = temporaryFolder();
    let refuse = 12;
    const behaviour: Behaviour = (request, number) =>
      number === refuse ? { type: 'status', status: 401 } : ratesByWords(request, number);
    await using endpoint = await fakeJudgeEndpoint(behaviour);
    const [judged, calls] = [join(folder.path, 'judged.jsonl'), join(folder.path, 'calls.jsonl')];
    const asked = [
      '--judge',
      'openai:m',
      '--judge-url',
      endpoint.url,
      '--no-judge-cache',
      '--judge-concurrency',
      '2',
    ];
    const run = () => judge('magqa', ...files, ...asked, '-o', judged, '--record', calls, '--json');
    await expect(run()).rejects.toThrow('OPENAI_API_KEY');
    refuse = -1;
    const summary = z.object({ n_kept: z.number(), n_written: z.number() }).parse(JSON.parse(await run()));
    expect(summary.n_kept).toBeGreaterThan(0);
    expect(summary.n_kept + summary.n_written).toBe(20);
    const once = endpoint.heard.map((request) => JSON.stringify(request.messages));
    // The case that was refused, and at most one beside it that was lost with it, were asked twice.
    expect(once.length - new Set(once).size).toBeLessThanOrEqual(2);
    const [other, clean] = [join(folder.path, 'other.jsonl'), join(folder.path, 'clean.jsonl')];
    await judge('magqa', ...files, ...asked, '-o', clean);
    expect(readFileSync(judged, 'utf8')).toBe(readFileSync(clean, 'utf8'));
    const replayed = await scoreFigures(...files, '--judge', `recorded:${calls}`);
    expect(replayed.in_span).toBe((await scoreFigures(...files, '--judge', 'lexical')).in_span);
    await judge('magqa', ...files, '--judge', `recorded:${calls}`, '-o', other);
    const ratings = (file: string) => readFileSync(file, 'utf8').match(/"evaluator_output":.*?\]\]/g);
    expect(ratings(other)).toEqual(ratings(clean));
    const another = judge('magqa', ...files, '--judge', 'lexical', '-o', `${other}.2`, '--record', calls);
    await expect(another).rejects.toThrow(
      /calls\.jsonl:1: field judge: was judged by openai:m .* not by lexical/,
    );
  });

  test('refuses files it did not write, and those of other runs', async () => {
    using folder = temporaryFolder();
    using own = temporaryFiles();
    const judged = join(folder.path, 'judged.jsonl');
    const run = (output: string, ...flags: string[]) =>
      judge('magqa', ...files, '--judge', 'lexical', ...flags, '-o', output);
    await run(judged);
    const before = readFileSync(judged, 'utf8');
    await expect(run(judged, '--mode', 'compat')).rejects.toThrow(
      'judged.jsonl:1: field judge: was judged by lexical',
    );
    const changed = own.write(
      'pred.jsonl',
      fewPredictions().replace(/"content": ?"[^"]*"/, '"content":"other"'),
    );
    const other = judge('magqa', '--pred', changed, ...files.slice(2), '--judge', 'lexical', '-o', judged);
    await expect(other).rejects.toThrow('other predictions or annotations');
    const fewer = own.write('few.jsonl', fewPredictions(5));
    const less = judge('magqa', '--pred', fewer, ...files.slice(2), '--judge', 'lexical', '-o', judged);
    await expect(less).rejects.toThrow('would not be judged now');
    expect(readFileSync(judged, 'utf8')).toBe(before);
    const [note, pred] = [own.write('note.txt', 'remember the milk'), own.write('p.jsonl', fewPredictions())];
    await expect(run(pred, '--pred', pred)).rejects.toThrow('is named by --pred too');
    await expect(run(join(folder.path, 'new'), '--record', join(folder.path, 'new'))).rejects.toThrow(
      'is named by --record too',
    );
    const saved = score(
      'magqa',
      '--pred',
      pred,
      ...files.slice(2),
      '--judge',
      'lexical',
      '--save-judged',
      pred,
    );
    await expect(saved).rejects.toThrow('choose another file for --save-judged');
    expect(readFileSync(pred, 'utf8')).toBe(fewPredictions());
    await expect(run(note)).rejects.toThrow('note.txt:1: is not a line that was written here');
    await expect(run(pred)).rejects.toThrow('p.jsonl:1: field');
    expect(readFileSync(note, 'utf8')).toBe('remember the milk');
    await expect(run('/nowhere/judged.jsonl')).rejects.toThrow('/nowhere/judged.jsonl: cannot be written');
    const array = judge(
      'magqa',
      ...files,
      '--judge',
      'lexical',
      '-o',
      join(folder.path, 'x'),
      '--record',
      goldenPath('magqa/judge_calls.json'),
    );
    await expect(array).rejects.toThrow('is a JSON array');
  });

  test('writes what was understood of proactive answers, and when', async () => {
    using own = temporaryFiles();
    using folder = temporaryFolder();
    const answer = [{ content: 'a red cat', related_timespan: [0, 10], reply_timespan: [0, 12] }];
    const gold = own.write('gold.json', JSON.stringify([{ question_id: 7, question: 'q', answer }]));
    const turns = [1, 2].map((time) => ({
      role: 'assistant',
      content: time === 1 ? 'dog' : 'a red cat',
      time,
    }));
    const pred = own.write('pred.jsonl', JSON.stringify({ question_id: 7, model_response_list: turns }));
    const judged = join(folder.path, 'judged.jsonl');
    await judge('pauc', '--pred', pred, '--gold', gold, '--judge', 'lexical', '-o', judged);
    expect(JSON.parse(readFileSync(judged, 'utf8'))).toMatchObject({
      question_id: 7,
      evaluator_output: [
        [
          [1, 0],
          [2, 2],
        ],
      ],
      reply_time: [[0, 12]],
      judge: { id: 'lexical', mode: 'strict' },
    });
  });

  test('makes no file when it only estimates', async () => {
    using folder = temporaryFolder();
    const judged = join(folder.path, 'judged.jsonl');
    expect(
      await judge(
        'magqa',
        ...files,
        '--judge',
        'openai:gpt-4o-mini',
        '--no-judge-cache',
        '-o',
        judged,
        '--judge-dry-run',
      ),
    ).toMatch(/about \$0\.\d+/);
    expect(existsSync(judged)).toBe(false);
  });
});
