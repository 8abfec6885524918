import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultCacheFolder } from '../../../../server/scoring/judges/asking/cache-folder.js';
import { openJudge } from '../../../../server/scoring/judges/kinds/open-judge.js';
import { fakeJudgeEndpoint } from '../../../support/fake-judge-endpoint.js';
import { caseOf, settingsFor, temporaryFolder } from '../judge-setup.js';

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe('the cache of replies', () => {
  test('answers a later run, and one that only estimates', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint(() => ({ type: 'reply', text: '4' }));
    const open = () => {
      const settings = settingsFor(endpoint.url, { cacheFolder: folder.path });
      return openJudge('openai:m', settings).then((judge) => ({ judge, tally: settings.tally }));
    };
    const first = await open();
    expect(await first.judge.estimate?.(caseOf('a'), 'agreement')).toMatchObject({ calls: 1 });
    expect(await first.judge.rate(caseOf('a'), 'agreement')).toBe('4');
    const second = await open();
    expect(await second.judge.estimate?.(caseOf('a'), 'agreement')).toMatchObject({
      calls: 0,
      inputTokens: 0,
    });
    expect(await second.judge.rate(caseOf('a'), 'agreement')).toBe('4');
    expect(second.tally).toMatchObject({ cacheHits: 1, requests: 0 });
    expect(endpoint.heard).toHaveLength(1);
  });

  test('tells cases, rubrics, models, prompts and services apart', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint(() => ({ type: 'reply', text: '3' }));
    await using other = await fakeJudgeEndpoint(() => ({ type: 'reply', text: '3' }));
    const ask = async (model: string, url: string, maxTokens: number, said: string, coverage = false) => {
      const settings = settingsFor(url, { cacheFolder: folder.path, maxTokens });
      const judge = await openJudge(`openai:${model}`, settings);
      await judge.rate(caseOf(said), coverage ? 'coverage' : 'agreement');
      return settings.tally.cacheHits;
    };
    expect(await ask('m', endpoint.url, 16, 'a')).toBe(0);
    expect(await ask('m', endpoint.url, 16, 'b')).toBe(0);
    expect(await ask('n', endpoint.url, 16, 'a')).toBe(0);
    expect(await ask('m', endpoint.url, 17, 'a')).toBe(0);
    expect(await ask('m', other.url, 16, 'a')).toBe(0);
    expect(await ask('m', endpoint.url, 16, 'a', true)).toBe(0);
    expect(await ask('m', endpoint.url, 16, 'a')).toBe(1);
  });

  test('keeps no reply without a rating', async () => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint((_, number) => ({
      type: 'reply',
      text: number === 0 ? 'no idea' : '2',
    }));
    const settings = settingsFor(endpoint.url, { cacheFolder: folder.path, attempts: 1 });
    const judge = await openJudge('openai:m', settings);
    expect(await judge.rate(caseOf('a'), 'agreement')).toBe('no idea');
    expect(await judge.rate(caseOf('a'), 'agreement')).toBe('2');
    expect(await judge.rate(caseOf('a'), 'agreement')).toBe('2');
    expect(endpoint.heard).toHaveLength(2);
  });

  test.each([
    ['every byte of the contents overwritten', 'content-v2', (old: Buffer) => Buffer.alloc(old.length, 0x20)],
    ['the contents cut', 'content-v2', (old: Buffer) => old.subarray(0, old.length / 2)],
    ['the contents empty', 'content-v2', () => Buffer.alloc(0)],
    ['the index cut', 'index-v5', (old: Buffer) => old.subarray(0, old.length / 2)],
    ['the index replaced', 'index-v5', () => Buffer.from('\nnonsense\t{"key":')],
  ])('asks again with %s, and heals', async (_, part, damage) => {
    using folder = temporaryFolder();
    await using endpoint = await fakeJudgeEndpoint(() => ({ type: 'reply', text: '5' }));
    const settings = settingsFor(endpoint.url, { cacheFolder: folder.path });
    const rate = async () => (await openJudge('openai:m', settings)).rate(caseOf('a'), 'agreement');
    await rate();
    const damaged = filesUnder(join(folder.path, part));
    expect(damaged).not.toHaveLength(0);
    for (const path of damaged) writeFileSync(path, damage(readFileSync(path)));
    expect(await rate()).toBe('5');
    expect(endpoint.heard).toHaveLength(2);
    expect(await rate()).toBe('5');
    expect(endpoint.heard).toHaveLength(2);
  });

  test('names a folder in which nothing can be kept', async () => {
    const settings = settingsFor('http://127.0.0.1:9/v1', { cacheFolder: '/dev/null/cache' });
    await expect(openJudge('openai:m', settings)).rejects.toThrow('--no-judge-cache');
  });

  test.each([
    [{ env: { XDG_CACHE_HOME: '/x' }, platform: 'linux', home: '/home/me' }, '/x/duet/judge'],
    [{ env: {}, platform: 'linux', home: '/home/me' }, '/home/me/.cache/duet/judge'],
    [{ env: {}, platform: 'darwin', home: '/Users/me' }, '/Users/me/Library/Caches/duet/judge'],
  ])('lies in the cache folder of the user: %j', (surroundings, folder) => {
    expect(defaultCacheFolder(surroundings)).toBe(folder);
  });
});
