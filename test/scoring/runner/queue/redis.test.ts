import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { QuestionOutcome } from '../../../../server/scoring/data/played.js';
import type { PlayQuestion } from '../../../../server/scoring/runner/play/play-question.js';
import { playOverRedis, type SharedRun } from '../../../../server/scoring/runner/queue/play-over-redis.js';
import { requireRedis } from '../../../../server/scoring/runner/queue/redis.js';
import { workAtRedis } from '../../../../server/scoring/runner/queue/redis-worker.js';
import type { PlaySettings } from '../../../../server/scoring/runner/play/settings.js';
import { DuetError } from '../../../../server/errors.js';
import { hasRedis, startRedis } from '../../../support/redis-server.js';
import { waitUntil } from '../../../support/wait-until.js';
import { playRandomly, playSettings, questions } from '../recorded-run.js';

const settings = playSettings();
const asked = questions(12);
const expected = asked.map((question) => playRandomly(question, settings));

/** Answers at random as the model would, and records who played what. */
function player(heard: string[]): (settings: PlaySettings) => PlayQuestion {
  return (given) => async (question) => {
    heard.push(String(question.questionId));
    await new Promise(setImmediate);
    return { type: 'played', played: playRandomly(question, given) };
  };
}

interface Bystander extends AsyncDisposable {
  readonly heard: readonly string[];
}

function startWorker(url: string, play = player): Bystander {
  const abort = new AbortController();
  const heard: string[] = [];
  const work = workAtRedis(
    { redis: { url }, modelFingerprint: 'm', playerOf: play(heard), limit: 2, onDone: () => undefined },
    abort.signal,
  );
  return {
    heard,
    [Symbol.asyncDispose]: async () => {
      abort.abort();
      await work;
    },
  };
}

function sharedRun(
  url: string,
  onWarning: SharedRun['onWarning'] = () => undefined,
): ReturnType<typeof playOverRedis> {
  const run = { redis: { url }, modelFingerprint: 'm', identity: { run: 1 }, settings };
  return playOverRedis({ ...run, pollMs: 50, onWarning });
}

async function collect(outcomes: AsyncIterable<QuestionOutcome>): Promise<unknown[]> {
  const seen = [];
  for await (const outcome of outcomes) seen.push(outcome.type === 'played' ? outcome.played : outcome);
  return seen;
}

const never = new AbortController().signal;

test('an address where no Redis answers is named without its password', async () => {
  const address = { url: 'redis://:secret@127.0.0.1:1/0' };
  await expect(requireRedis(address)).rejects.toThrow(/^no Redis answers at redis:\/\/127\.0\.0\.1:1\/0 /);
  await expect(requireRedis({ url: 'http://127.0.0.1' })).rejects.toThrow(/write redis:\/\//);
  await expect(requireRedis({ url: 'localhost' })).rejects.toThrow(/not a URL|begins with/);
});

test.skipIf(!hasRedis)(
  'two workers play one run between them, each question once, and leave no job behind',
  async () => {
    await using redis = await startRedis();
    await requireRedis(redis);
    await using one = startWorker(redis.url);
    await using other = startWorker(redis.url);
    const seen = await collect(sharedRun(redis.url)(asked, never));
    expect(seen).toHaveLength(expected.length);
    expect(seen).toEqual(expect.arrayContaining(expected));
    expect([...one.heard, ...other.heard].sort()).toEqual(
      asked.map(({ questionId }) => String(questionId)).sort(),
    );
    expect((await redis.keys()).filter((key) => /-[0-9a-f]{16}$/.test(key))).toEqual([]);
  },
);

test.skipIf(!hasRedis)(
  'what workers played while nobody asked is fetched by the run that goes on',
  async () => {
    await using redis = await startRedis();
    await using worker = startWorker(redis.url);
    const abort = new AbortController();
    const first = sharedRun(redis.url)(asked, abort.signal)[Symbol.asyncIterator]();
    await first.next();
    await waitUntil(() => worker.heard.length === asked.length);
    abort.abort();
    await expect(first.next()).rejects.toThrow(/stopped/);
    const rest = await collect(sharedRun(redis.url)(asked, never));
    expect(rest).toHaveLength(asked.length);
    // The one that was fetched before is played anew; a journal would have kept it.
    expect(worker.heard).toHaveLength(asked.length + 1);
  },
);

test.skipIf(!hasRedis)(
  'a run for whose model no worker is there says so, and goes on when one comes',
  async () => {
    await using redis = await startRedis();
    const warned: string[] = [];
    const run = collect(sharedRun(redis.url, (warning) => warned.push(warning))(asked, never));
    await waitUntil(() => warned.length > 0);
    await using worker = startWorker(redis.url);
    expect(await run).toHaveLength(asked.length);
    expect(worker.heard).toHaveLength(asked.length);
    expect(warned).toEqual([
      expect.stringMatching(/^no worker waits for questions to this model \(m\): start/),
    ]);
  },
);

test.skipIf(!hasRedis)('a question that a worker gives back is played by another', async () => {
  await using redis = await startRedis();
  const begun: { resolve?: () => void } = {};
  const hasBegun = new Promise<void>((resolve) => (begun.resolve = resolve));
  const stuck = startWorker(redis.url, () => () => (_question, signal) => {
    begun.resolve?.();
    return once(signal, 'abort').then(() => Promise.reject(new DuetError('cancelled', 'stopped')));
  });
  const run = collect(sharedRun(redis.url)(asked.slice(0, 3), never));
  await hasBegun;
  await stuck[Symbol.asyncDispose]();
  await using other = startWorker(redis.url);
  expect(await run).toHaveLength(3);
  expect(other.heard).toHaveLength(3);
});

test.skipIf(!hasRedis)('a model that breaks on every try ends the run and says why', async () => {
  await using redis = await startRedis();
  let tries = 0;
  await using worker = startWorker(redis.url, () => () => () => {
    tries += 1;
    return Promise.reject(new DuetError('model_failed', 'out of memory'));
  });
  await expect(collect(sharedRun(redis.url)(asked.slice(0, 1), never))).rejects.toThrow(
    /q0\.mp4 failed 3 times: out of memory/,
  );
  expect(tries).toBe(3);
  expect(worker.heard).toEqual([]);
});
