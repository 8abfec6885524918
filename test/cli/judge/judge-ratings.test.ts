import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { temporaryFolder } from '../../scoring/judges/judge-setup.js';
import { temporaryFiles } from '../../scoring/support/temporary-files.js';
import {
  askedIn,
  fakeJudgeEndpoint,
  type Answer,
  type HeardRequest,
} from '../../support/fake-judge-endpoint.js';
import { fewGoldenFiles, judge as judgeCommand, score } from './judge-commands.js';

const goldenFiles = fewGoldenFiles();

const objectSchema = z.record(z.string(), z.unknown());
const judgeSchema = z.object({ judge: objectSchema });

const judgeMagqa = (...flags: string[]) => judgeCommand('magqa', ...flags);

async function scoreJson(...flags: string[]) {
  return objectSchema.parse(JSON.parse(await score('magqa', ...goldenFiles, '--json', ...flags)));
}

const asked = (url: string, ...flags: string[]) =>
  scoreJson('--judge', 'openai:fake', '--judge-url', url, ...flags);

describe('replies without a rating, and cases without a reply', () => {
  test('counts replies that never held a rating, after asking again in strict mode only', async () => {
    const isMute = (request: HeardRequest) => askedIn(request).length % 3 === 0;
    await using endpoint = await fakeJudgeEndpoint((request) =>
      isMute(request) ? { type: 'reply', text: 'I cannot say' } : { type: 'reply', text: '3' },
    );
    const strict = await asked(endpoint.url, '--no-judge-cache', '--judge-attempts', '2');
    const { judge } = judgeSchema.parse(strict);
    const nMute = endpoint.heard.filter(isMute).length / 2;
    expect(nMute).toBeGreaterThan(2);
    expect(strict['n_unparsable_replies']).toBe(nMute);
    expect(judge['n_requests']).toBe(Number(judge['n_cases']) + nMute);
    expect(strict['notes']).toContainEqual(`${nMute} replies of the judge hold no rating and count as 1`);
    const before = endpoint.heard.length;
    const compat = await asked(endpoint.url, '--no-judge-cache', '--mode', 'compat');
    expect(endpoint.heard.length - before).toBe(judge['n_cases']);
    expect(String(compat['notes'])).toContain('all that the published scripts look at');
  });

  test('ends without figures where most replies hold no rating, but not in compat', async () => {
    await using endpoint = await fakeJudgeEndpoint(() => ({ type: 'reply', text: 'I cannot say' }));
    await expect(asked(endpoint.url, '--no-judge-cache', '--judge-attempts', '1')).rejects.toThrow(
      /rated 0 of \d+ cases, too few for a figure: \d+ replies held no rating, such as "I cannot say"/,
    );
    const compat = await asked(endpoint.url, '--no-judge-cache', '--mode', 'compat');
    expect(compat).toMatchObject({ in_span: 1, n_unparsable_replies: compat['n_judge_calls'] });
    await using brief = await fakeJudgeEndpoint(() => ({ type: 'reply', text: 'The', finish: 'length' }));
    const limited = asked(brief.url, '--no-judge-cache', '--judge-max-tokens', '1', '--judge-attempts', '1');
    await expect(limited).rejects.toThrow(/cut off before their rating.*raise --judge-max-tokens/);
  });

  test('gives no figures for a judged file either if most replies held no rating', async () => {
    using files = temporaryFiles();
    const judged = files.write('judged.jsonl', '');
    await using endpoint = await fakeJudgeEndpoint(() => ({ type: 'reply', text: 'I cannot say' }));
    const flags = ['--judge-url', endpoint.url, '--no-judge-cache', '--judge-attempts', '1'];
    const judging = judgeMagqa(...goldenFiles, '--judge', 'openai:m', ...flags, '-o', judged);
    await expect(judging).rejects.toThrow('too few for a figure');
    await expect(score('magqa', '--judged', judged)).rejects.toThrow(
      /of \d+ of \d+ examples the judge's replies hold no rating, too many for a figure; judge them again/,
    );
    expect(await score('magqa', '--judged', judged, '--mode', 'compat')).toContain('in_span');
  });

  test('leaves cases out that the judge refuses, and says so, unless it refuses most', async () => {
    const refusal = (status: number): Answer => ({
      ...{ type: 'raw', status, contentType: 'application/json' },
      body: '{"error":{"message":"This model\'s maximum context length is 2048 tokens."}}',
    });
    let nRefused = 0;
    await using endpoint = await fakeJudgeEndpoint((request) => {
      if (askedIn(request).length % 4 !== 0) return { type: 'reply', text: '3' };
      nRefused += 1;
      return refusal(400);
    });
    const report = await asked(endpoint.url, '--no-judge-cache');
    expect(nRefused).toBeGreaterThan(2);
    expect(report).toMatchObject({ n_not_judged: nRefused, n_unparsable_replies: 0 });
    const { judge } = judgeSchema.parse(report);
    const [reason] = z.array(z.object({ reason: z.string(), n: z.number() })).parse(judge['not_judged']);
    expect(reason?.reason).toContain('maximum context length is 2048');
    expect(reason?.n).toBe(nRefused);
    expect(String(report['notes'])).toContain('were not judged and are in no figure');
    await using strictest = await fakeJudgeEndpoint(() => refusal(413));
    await expect(asked(strictest.url, '--no-judge-cache')).rejects.toThrow(/maximum context length is 2048/);
    expect(strictest.heard.length).toBeLessThan(20);
  });

  test('refuses flags beside a judged file that it settles, and keeps the caveat of its judge', async () => {
    using files = temporaryFiles();
    const judged = files.write('judged.jsonl', '');
    await judgeMagqa(...goldenFiles, '--judge', 'lexical', '-o', judged);
    const report = (...flags: string[]) => score('magqa', '--judged', judged, '--json', ...flags);
    expect(String(objectSchema.parse(JSON.parse(await report()))['notes'])).toContain('compares words');
    for (const flag of ['--concat', '--judge-swap', '--second-judge=lexical', '--judge=lexical']) {
      await expect(report(flag)).rejects.toThrow(`--judged cannot be used with ${flag.split('=')[0] ?? ''}`);
    }
  });

  test('asks again what an earlier run recorded without a rating, and replays the last answer', async () => {
    using folder = temporaryFolder();
    let isMute = true;
    await using endpoint = await fakeJudgeEndpoint((_, number) => {
      if (!isMute) return { type: 'reply', text: '4' };
      return number % 3 === 0 ? { type: 'reply', text: 'Between 3 and 4' } : { type: 'reply', text: '2' };
    });
    const [record, judged] = [join(folder.path, 'calls.jsonl'), join(folder.path, 'judged.jsonl')];
    const flags = [
      '--judge',
      'openai:m',
      '--judge-url',
      endpoint.url,
      '--no-judge-cache',
      '--judge-attempts',
      '1',
    ];
    const run = () =>
      judgeMagqa(...goldenFiles, ...flags, '--judge-concurrency', '1', '--record', record, '-o', judged);
    expect(await run()).toContain('replies without a rating');
    const replay = () => scoreJson('--judge', `recorded:${record}`);
    const before = await replay();
    const nMute = Number(before['n_unparsable_replies']);
    expect(nMute).toBeGreaterThan(2);
    isMute = false;
    const asked = endpoint.heard.length;
    expect(await run()).not.toContain('without a rating');
    expect(endpoint.heard.length - asked).toBe(nMute);
    const after = await replay();
    expect(after).toMatchObject({ n_unparsable_replies: 0 });
    expect(Number(after['in_span'])).toBeGreaterThan(Number(before['in_span']));
    const fromFile = objectSchema.parse(
      JSON.parse(await score('magqa', '--judged', judged, ...goldenFiles.slice(2), '--json')),
    );
    expect(fromFile).toMatchObject({ in_span: after['in_span'], n_unparsable_replies: 0 });
  });
});
