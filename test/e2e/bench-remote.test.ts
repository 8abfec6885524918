import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeModelFile } from '../runtime/remote/model-files.js';
import { FakeEngine } from '../support/fake-engine.js';
import { temporaryFolder } from '../transport/test-server.js';
import { runDuet, type Ended } from './duet-process.js';

const few = ['--limit', '2', '--max-frames', '8', '--jobs', '1'];

/** An engine that finds every question answered, and the command that benchmarks it. */
async function opened(prices: object = { input: 1, output: 1 }) {
  const engine = await FakeEngine.open({ probability: () => 0.9 });
  onTestFinished(() => engine[Symbol.asyncDispose]());
  const model = await writeModelFile({ preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, prices });
  const bench = (...others: string[]): Promise<Ended> =>
    runDuet(['bench', 'magqa', '--model', model, ...few, ...others]);
  return { engine, bench };
}

test('a dry run says what a model behind an API would be asked, and asks nothing', async () => {
  const { engine, bench } = await opened();
  const { exitCode, stdout, stderr } = await bench('--dry-run');
  expect([exitCode, stderr]).toEqual([0, '']);
  const [counts, least, most, assumed] = stdout.split('\n');
  expect(counts).toBe('2 questions, 16 frames, 16 looks');
  expect(least).toMatch(/^from about 16 requests, \d+ tokens in, 32 out, \$0\.\d+: looks alone$/);
  // Two requests a look, and a reply at every other for the pause of two seconds between them.
  expect(most).toMatch(/^to about 40 requests, \d+ tokens in, \d+ out, \$0\.\d+: with 8 replies$/);
  expect(assumed).toMatch(
    /by Decisions or, at the most, the probability of yes; .* 2 s after another \(cooldown\)$/,
  );
  const talking = await bench('--dry-run', '--talk-rate', '15');
  expect(talking.stdout).toMatch(/with 4 replies\nassumed: .* 15 replies a minute \(talk rate\)/);
  expect(engine.seen).toEqual([]);
  const own = await runDuet(['bench', 'magqa', '--model', 'duet-nano', '--dry-run']);
  expect(own).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('nothing to estimate') as string,
  });
});

test('a benchmark ends when the budget is spent, goes on with a higher one, and can be compared', async () => {
  const { engine, bench } = await opened({ input: 0, output: 0, call: 0.01 });
  const folder = join(await temporaryFolder(), 'remote');
  // The probe, and one question with its replies, but not two.
  const spent = await bench('-o', folder, '--budget', '0.15', '--cooldown', '100');
  expect(spent.exitCode).toBe(1);
  expect(spent.stderr).toMatch(
    /budget of the model is spent; with a higher --budget the same command goes on/,
  );
  expect(engine.seen.length).toBeLessThanOrEqual(15);
  const played = engine.seen.length;
  const whole = await bench('-o', folder, '--budget', '1', '--cooldown', '100');
  expect([whole.exitCode, whole.stdout]).toEqual([0, expect.stringMatching(/^in_span /m) as string]);
  // Of the first question nothing was asked again: a probe, eight frames and a reply.
  expect(engine.seen.length - played).toBeLessThanOrEqual(12);
  const nano = join(await temporaryFolder(), 'nano');
  const local = await runDuet(['bench', 'magqa', '--model', 'duet-nano', ...few, '-o', nano]);
  expect(local.exitCode, local.stderr).toBe(0);
  const compared = await runDuet(['compare', nano, folder, '--allow-different']);
  expect([compared.exitCode, compared.stdout]).toEqual([0, expect.stringContaining('in_span') as string]);
  expect(await readFile(join(folder, 'predictions.jsonl'), 'utf8')).toContain('A car.');
});
