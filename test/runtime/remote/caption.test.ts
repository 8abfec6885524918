import { expect, test } from 'vitest';
import { fitOf } from '../../../server/runtime/remote/deciders/caption-perplexity.js';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playFast } from './remote-session.js';

test('a model speaks when its last reply does not fit any more', async () => {
  const fits = [0.8, 0.8, 0.76, 0.4, 0.7];
  let asked = -1;
  await using engine = await FakeEngine.open({
    reply: () => [`Reply number ${asked}.`],
    fit: () => fits[(asked += 1)] ?? 0.7,
  });
  const file = { preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, decide: 'caption', threshold: 0.1 };
  const model = await loadRemote(await writeModelFile(file));
  expect(model.capabilities).toMatchObject({ scores: ['informative'] });
  await using session = await openRemoteSession(model);
  await playFast(session, [0, 60, 120, 180, 240]);
  const scored = eventsOf(session, 'frame.scored');
  expect(
    scored.map(({ informativeScore, fired }) => [Math.round(informativeScore * 100) / 100, fired]),
  ).toEqual([
    ...([
      [1, true],
      [0, false],
      [0.05, false],
      [0.5, true],
      [0, false],
    ] as const),
  ]);
  expect(engine.at('/v1/chat/completions').at(-1)?.body).toMatchObject({
    ...{ prompt_logprobs: 0, add_generation_prompt: false, continue_final_message: true, max_tokens: 1 },
  });
});

test('an engine that tells nothing of a prompt does not decide in this way', async () => {
  await using engine = await FakeEngine.open();
  const file = { preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, decide: 'caption' };
  await expect(loadRemote(await writeModelFile(file))).rejects.toThrow(/no log probabilities of its prompt/);
});

test('only the tokens of the caption count, and a hostile answer is none', () => {
  const token = (decoded_token: string, logprob: number) => ({ 7: { decoded_token, logprob, rank: 1 } });
  const answer = { prompt_logprobs: [null, token('far', -9), token('A', -1), token(' car', -3)] };
  expect(fitOf('A car', answer)).toBeCloseTo(Math.exp(-2), 9);
  expect(fitOf('A car', { prompt_logprobs: [null] })).toBeNull();
  expect(fitOf('A car', { prompt_logprobs: [token('A car', 5)] })).toBeNull();
  expect(fitOf('A car', { prompt_logprobs: 'x' })).toBeNull();
});
