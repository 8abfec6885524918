import { afterEach, describe, expect, test, vi } from 'vitest';
import { Command } from 'commander';
import { addJudgeOptions, type JudgeFlags } from '../../../server/cli/judge/judge-flags.js';
import { judgingPlanOf } from '../../../server/cli/judge/judging-plan-of.js';

/** The plan that flags of a command line make. */
function planOf(...flags: string[]) {
  const command = addJudgeOptions(new Command()).exitOverride();
  command.parse(flags, { from: 'user' });
  return judgingPlanOf({ ...command.opts<JudgeFlags>(), mode: 'strict' });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the judging that flags ask for', () => {
  test('is careful and unlimited where nothing but a judge is named', () => {
    vi.stubEnv('OPENAI_API_KEY', '');
    vi.stubEnv('OPENAI_BASE_URL', '');
    expect(planOf('--judge', 'openai:m', '--no-judge-cache')).toEqual({
      mode: 'strict',
      judge: { name: 'openai:m', url: 'https://api.openai.com/v1', key: { type: 'none' }, price: null },
      second: null,
      swap: 'off',
      concurrency: 8,
      timeoutMs: 60_000,
      retries: 6,
      attempts: 3,
      maxTokens: null,
      cacheFolder: null,
      budget: null,
      dryRun: false,
    });
  });

  test('takes address and key from the environment, and a key file before it', () => {
    vi.stubEnv('OPENAI_API_KEY', ' secret ');
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/v1');
    const { judge } = planOf('--judge', 'openai:m');
    expect(judge).toMatchObject({
      url: 'http://127.0.0.1:1/v1',
      key: { type: 'given', key: 'secret' },
    });
    const withFile = planOf('--judge', 'openai:m', '--judge-key-file', 'key');
    expect(withFile.judge.key).toEqual({ type: 'file', path: 'key' });
  });

  test('sends the key of the first judge to no other service', () => {
    vi.stubEnv('OPENAI_API_KEY', 'secret');
    const first = ['--judge', 'openai:m', '--judge-url', 'http://127.0.0.1:1/v1', '--judge-key-file', 'key'];
    const secondOf = (...flags: string[]) => planOf(...first, '--second-judge', 'openai:n', ...flags).second;
    const keyFile = { type: 'file', path: 'key' };
    expect(secondOf()?.key).toEqual(keyFile);
    expect(secondOf('--second-judge-url', 'http://127.0.0.1:1/other')?.key).toEqual(keyFile);
    expect(secondOf('--second-judge-url', 'http://127.0.0.1:2/v1')?.key).toEqual({ type: 'none' });
    const official = secondOf('--second-judge-url', 'https://api.openai.com/v1');
    expect(official?.key).toEqual({ type: 'given', key: 'secret' });
  });

  test('needs a judge', () => {
    expect(() => planOf('--no-judge-cache')).toThrow("required option '--judge <name>' not specified");
  });
});
