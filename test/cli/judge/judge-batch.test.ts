import { appendFileSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { writeRequestFiles } from '../../../server/scoring/judges/batch/request-files.js';
import { temporaryFolder } from '../../scoring/judges/judge-setup.js';
import { goldenPath, readGolden } from '../../scoring/support/golden.js';
import { temporaryFiles } from '../../scoring/support/temporary-files.js';
import { askedIn, fakeJudgeEndpoint, type Behaviour } from '../../support/fake-judge-endpoint.js';
import { ratesByWords } from '../../support/lexical-endpoint.js';
import { fewGoldenFiles, judge, score } from './judge-commands.js';

const files = fewGoldenFiles();
const requestSchema = z.object({ custom_id: z.string(), body: z.looseObject({ model: z.string() }) });

function linesOf(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

describe('duet judge batch', () => {
  test('writes the requests of the reference under its ids, equal cases once', async () => {
    using folder = temporaryFolder();
    const whole = ['--pred', goldenPath('magqa/pred.jsonl'), '--gold', goldenPath('magqa/gold.json')];
    const create = () =>
      judge('batch', 'create', folder.path, ...whole, '--judge', 'openai:m', '--mode', 'compat');
    const said = await create();
    const ids = linesOf(join(folder.path, 'requests-001.jsonl')).map(
      (line) => requestSchema.parse(line).custom_id,
    );
    const schema = z.array(
      z.object({ custom_id: z.string(), question: z.string(), gold: z.string(), pred: z.string() }),
    );
    const reference = readGolden('magqa/batch_requests.json', schema);
    // The first of equal cases stands for all.
    const seen = new Set<string>();
    const firsts = reference.filter((call) => {
      const key = JSON.stringify([call.question, call.gold, call.pred]);
      return !seen.has(key) && seen.add(key);
    });
    expect(ids).toEqual(firsts.map((call) => call.custom_id));
    expect(await create()).toBe(said);
    const other = judge('batch', 'create', folder.path, ...files, '--judge', 'openai:n');
    await expect(other).rejects.toThrow('holds the batch of other requests');
  });

  test('goes from requests to a judged file, every step repeated', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const batch = join(folder.path, 'batch');
    const [cache, judged] = [join(folder.path, 'cache'), join(folder.path, 'judged.jsonl')];
    const asked = ['--judge-url', endpoint.url];
    await judge('batch', 'create', batch, ...files, '--judge', 'openai:m');
    expect(await judge('batch', 'status', batch, ...asked)).toContain('not submitted');
    expect(await judge('batch', 'submit', batch, ...asked)).toContain('in_progress (batch_1)');
    expect(await judge('batch', 'submit', batch, ...asked)).toContain('batch_1');
    expect(endpoint.batches.batches).toHaveLength(1);
    expect(await judge('batch', 'fetch', batch, ...asked)).toBe('nothing new');
    const early = judge('batch', 'apply', batch, ...asked, '--judge-cache', cache, '-o', judged);
    await expect(early).rejects.toThrow('requests have no reply');
    const waiting = judge('batch', 'status', batch, ...asked, '--wait', '--every', '0.01');
    await endpoint.batches.finish('batch_1');
    expect(await waiting).toContain('completed');
    expect(await judge('batch', 'fetch', batch, ...asked)).toBe('output-001-batch_1.jsonl');
    expect(await judge('batch', 'fetch', batch, ...asked)).toBe('nothing new');
    const apply = () => judge('batch', 'apply', batch, ...asked, '--judge-cache', cache, '-o', judged);
    expect(await apply()).toContain('20 written');
    expect(await apply()).toContain('20 lines kept, 0 written');
    const scored = ['magqa', ...files, '--json', '--judge'];
    const lexical = z
      .looseObject({ in_span: z.number() })
      .parse(JSON.parse(await score(...scored, 'lexical')));
    const fromFile = JSON.parse(
      await score('magqa', '--judged', judged, '--gold', files[3], '--json'),
    ) as unknown;
    expect(fromFile).toMatchObject({ in_span: lexical.in_span, judge: { id: 'openai:m' } });
    // Whoever asks the same judge finds the replies in the cache.
    const live = await score(...scored, 'openai:m', ...asked, '--judge-cache', cache);
    expect(JSON.parse(live)).toMatchObject({ in_span: lexical.in_span, judge: { n_requests: 0 } });
    expect(endpoint.heard).toHaveLength(0);
  });

  test('pays for no batch twice when the confirmation was lost', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    await judge('batch', 'create', folder.path, ...files, '--judge', 'openai:m');
    endpoint.batches.hangUpsAfterCreating = 1;
    const submit = () => judge('batch', 'submit', folder.path, '--judge-url', endpoint.url);
    await expect(submit()).rejects.toThrow('cannot be reached');
    expect(await submit()).toContain('batch_1');
    expect(endpoint.batches.batches).toHaveLength(1);
    expect(endpoint.batches.files.size).toBe(1);
  });

  test('loses nothing to failed requests and bad lines, and resubmits what was lost', async () => {
    using folder = temporaryFolder();
    let broken = true;
    const behaviour: Behaviour = (request, number) =>
      broken && number % 3 === 0 ? { type: 'status', status: 500 } : ratesByWords(request, number);
    await using endpoint = await fakeJudgeEndpoint(behaviour);
    const asked = ['--judge-url', endpoint.url];
    const step = (name: string, ...flags: string[]) => judge('batch', name, folder.path, ...asked, ...flags);
    await judge('batch', 'create', folder.path, ...files, '--judge', 'openai:m');
    await step('submit');
    await endpoint.batches.finish('batch_1', 'expired');
    expect((await step('fetch')).split('\n')).toEqual([
      'output-001-batch_1.jsonl',
      'errors-001-batch_1.jsonl',
    ]);
    const output = join(folder.path, 'output-001-batch_1.jsonl');
    appendFileSync(
      output,
      '{"custom_id":\n{"custom_id":"stranger","response":{"status_code":200,' +
        '"body":{"choices":[{"message":{"content":"3"}}]}}}\n',
    );
    const partial = await step('apply', '--no-judge-cache');
    expect(partial).toMatch(/\d+ replies, [1-9]\d* requests without one/);
    expect(partial).toContain('output-001-batch_1.jsonl:');
    expect(partial).toContain('"stranger", which was never asked');
    broken = false;
    expect(await step('submit')).toContain('expired');
    expect(await step('submit', '--again')).toContain('batch_2');
    await endpoint.batches.finish('batch_2');
    await step('fetch');
    const judged = join(folder.path, 'judged.jsonl');
    expect(await step('apply', '--no-judge-cache', '-o', judged)).toContain('20 written');
    expect(readdirSync(folder.path)).toContain('output-001-batch_2.jsonl');
  });

  test('downloads the results of an expired batch before it is resubmitted', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint((request, number) =>
      number % 3 === 0 ? { type: 'status', status: 500 } : ratesByWords(request, number),
    );
    const step = (name: string, ...flags: string[]) =>
      judge('batch', name, folder.path, '--judge-url', endpoint.url, ...flags);
    await judge('batch', 'create', folder.path, ...files, '--judge', 'openai:m');
    await step('submit');
    await endpoint.batches.finish('batch_1', 'expired');
    expect(await step('submit', '--again')).toContain('batch_2');
    expect(readdirSync(folder.path)).toContain('output-001-batch_1.jsonl');
    expect(await judge('batch', 'apply', folder.path, '--no-judge-cache')).toMatch(/[1-9]\d* replies/);
  });

  test('leaves out what was refused, without asking again, and asks for what was cut off', async () => {
    using folder = temporaryFolder();
    let limit = 16;
    const refusal = {
      error: { message: 'This prompt is too long: maximum context length is 2048 tokens', code: null },
    };
    await using endpoint = await fakeJudgeEndpoint((_, number) => {
      if (number === 0) {
        return { type: 'raw', status: 400, contentType: 'application/json', body: JSON.stringify(refusal) };
      }
      return number === 1 && limit === 16
        ? { type: 'reply', text: 'It names 2 of', finish: 'length' }
        : { type: 'reply', text: '4' };
    });
    const judged = join(folder.path, 'judged.jsonl');
    const step = (name: string, ...flags: string[]) =>
      judge('batch', name, folder.path, '--judge-url', endpoint.url, ...flags);
    const apply = () =>
      judge('batch', 'apply', folder.path, '--judge-url', endpoint.url, '--no-judge-cache', '-o', judged);
    await judge('batch', 'create', folder.path, ...files, '--judge', 'openai:m');
    await step('submit');
    await endpoint.batches.finish('batch_1', 'expired');
    await step('fetch');
    await expect(apply()).rejects.toThrow('1 requests have no reply');
    expect(await step('apply', '--no-judge-cache')).toContain('1 replies were cut off before their rating');
    limit = 4096;
    await step('submit', '--again');
    await endpoint.batches.finish('batch_2');
    await step('fetch');
    const done = await apply();
    expect(done).toContain('1 cases are not judged: 400 This prompt is too long');
    expect(endpoint.heard).toHaveLength(0);
    const report = JSON.parse(
      await score('magqa', '--judged', judged, '--gold', files[3], '--json'),
    ) as unknown;
    // Equal replies share a case, and each has an entry in the matrix.
    expect(z.object({ n_not_judged: z.number() }).parse(report).n_not_judged).toBeGreaterThan(0);
  });

  test('carries any question id in strict mode: with stars, percents, and numbers', async () => {
    using folder = temporaryFolder();
    using own = temporaryFiles();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    const ids = ['a*b', 'a%2Ab', 7];
    const answer = [{ content: 'a red cat', time: [0, 9] }];
    const gold = own.write(
      'gold.json',
      JSON.stringify(ids.map((question_id) => ({ question_id, conversation: [{ content: 'q' }], answer }))),
    );
    const pred = own.write(
      'pred.jsonl',
      ids
        .map((question_id, index) =>
          JSON.stringify({
            question_id,
            model_response_list: [
              { role: 'assistant', time: 1, content: ['red', 'cat', 'a red cat'][index] },
            ],
          }),
        )
        .join('\n'),
    );
    const flags = ['--pred', pred, '--gold', gold, '--judge', 'openai:m'];
    await expect(judge('batch', 'create', folder.path, ...flags, '--mode', 'compat')).rejects.toThrow(
      'use strict mode',
    );
    await judge('batch', 'create', folder.path, ...flags);
    const requests = linesOf(join(folder.path, 'requests-001.jsonl')).map(
      (line) => requestSchema.parse(line).custom_id,
    );
    expect(requests).toEqual(['a%2Ab*0*0', 'a%252Ab*0*0', '7*0*0']);
    await judge('batch', 'submit', folder.path, '--judge-url', endpoint.url);
    await endpoint.batches.finish('batch_1');
    await judge('batch', 'fetch', folder.path, '--judge-url', endpoint.url);
    const judged = join(folder.path, 'judged.jsonl');
    await judge('batch', 'apply', folder.path, '--no-judge-cache', '-o', judged);
    const ratings = linesOf(judged).map(
      (line) => z.object({ evaluator_output: z.unknown() }).parse(line).evaluator_output,
    );
    expect(ratings).toEqual([[[3]], [[3]], [[5]]]);
  });

  test('asks in a batch what it asks live', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint(ratesByWords);
    await judge('batch', 'create', folder.path, ...files, '--judge', 'openai:m');
    const judged = join(folder.path, 'live.jsonl');
    await judge(
      'magqa',
      ...files,
      '--judge',
      'openai:m',
      '--judge-url',
      endpoint.url,
      '--no-judge-cache',
      '-o',
      judged,
    );
    const bodies = linesOf(join(folder.path, 'requests-001.jsonl')).map(
      (line) => requestSchema.parse(line).body,
    );
    const byCase = (a: string, b: string) => (a < b ? -1 : 1);
    expect(bodies.map((body) => JSON.stringify(body)).sort(byCase)).toEqual(
      endpoint.heard.map((request) => JSON.stringify(request)).sort(byCase),
    );
    expect(endpoint.heard.map(askedIn)).not.toHaveLength(0);
    unlinkSync(judged);
  });

  test('begins a new file wherever a limit is reached', () => {
    using folder = temporaryFolder();
    const lines = ['aaaa', 'bbbb', 'cccc', 'dd', 'ee', 'ffffffff'];
    const written = writeRequestFiles(folder.path, lines, { requests: 2, bytes: 10 });
    expect(written.map(({ name, requests, bytes }) => [name, requests, bytes])).toEqual([
      ['requests-001.jsonl', 2, 10],
      ['requests-002.jsonl', 2, 8],
      ['requests-003.jsonl', 1, 3],
      ['requests-004.jsonl', 1, 9],
    ]);
    const together = written.map(({ name }) => readFileSync(join(folder.path, name), 'utf8')).join('');
    expect(together).toBe(`${lines.join('\n')}\n`);
    expect(() => writeRequestFiles(folder.path, ['x'.repeat(10)], { requests: 2, bytes: 10 })).toThrow(
      '11 bytes',
    );
  });
});
