import { expect, onTestFinished, test, vi } from 'vitest';
import { findModel, findModelFolder } from '../../../server/runtime/find-model.js';
import { readRemotePlace } from '../../../server/runtime/remote/place/read-place.js';
import { Places } from '../../../server/runtime/remote/engine/places.js';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playFast, playLive } from './remote-session.js';

const quiet = { onWarning: () => undefined };

test.each([
  ['remote:openai', 'remote:openai is no remote model: name it as in remote:ollama/qwen3-vl'],
  ['remote:acme/model', 'known are openai, ollama, llamacpp, vllm, sglang, lmstudio, openrouter, gemini'],
  ['remote:vllm/m@http://me:secret@127.0.0.1/v1', 'has a user name, a password'],
  ['remote:nowhere.json', 'nowhere.json: the model file cannot be read'],
  ['./nowhere.json', './nowhere.json: the model file cannot be read'],
])('%s is refused before anything is asked', async (place, message) => {
  const error: unknown = await findModel(place, quiet).catch((thrown: unknown) => thrown);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain('secret');
});

test('a model file is checked whole: unknown fields, wrong values, keys where names belong', async () => {
  const refused = async (content: unknown): Promise<string> =>
    String(await findModel(await writeModelFile(content), quiet).catch((thrown: unknown) => thrown));
  expect(await refused({ model: 'm' })).toContain('name a "url", or a "preset"');
  expect(await refused({ preset: 'vllm', model: 'm', limit: {} })).toContain('Unrecognized key: "limit"');
  expect(await refused({ preset: 'vllm', model: 'm', limits: { inFlight: 0 } })).toContain('limits.inFlight');
  expect(await refused({ preset: 'vllm', model: 'm', keyVariable: 'sk-1234' })).toContain('not a key');
  expect(await refused({ preset: 'vllm', model: 'm', keyVariable: 'NO_SUCH_KEY' })).toMatch(
    /m has its key in NO_SUCH_KEY: set NO_SUCH_KEY to it, or leave "keyVariable" out/,
  );
  expect(await refused([])).toContain('expected object');
});

test('a model behind an API has no folder', () => {
  expect(() => findModelFolder('remote:vllm/m')).toThrow(
    'remote:vllm/m: a model behind an API has no folder',
  );
});

test('a key comes from the environment, goes to its own address only, and is in no message', async () => {
  await using engine = await FakeEngine.open({ key: 'sk-right-key-1234' });
  vi.stubEnv('OPENAI_API_KEY', '');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const official = findModel('remote:openai/gpt-6-luna', quiet);
  await expect(official).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'remote:openai/gpt-6-luna: https://api.openai.com/v1 needs a key: set OPENAI_API_KEY to it',
  });
  const place = `remote:openai/fake@${engine.url}`;
  await expect(loadRemote(place)).rejects.toMatchObject({
    code: 'unauthorized',
    message: /set OPENAI_API_KEY/,
  });
  expect(engine.seen[0]?.authorization).toBeUndefined();
  vi.stubEnv('OPENAI_API_KEY', 'wrong-key-of-mine-987');
  const wrong: unknown = await loadRemote(place).catch((thrown: unknown) => thrown);
  expect(String(wrong)).toMatch(/answered 401: .*check OPENAI_API_KEY/);
  expect(String(wrong)).not.toContain('wrong-key-of-mine-987');
  vi.stubEnv('OPENAI_API_KEY', 'sk-right-key-1234');
  const model = await loadRemote(place);
  expect(JSON.stringify(model.capabilities)).not.toContain('sk-right');
  // A redirect is not followed.
  await using other = await FakeEngine.open({
    fault: () => ({ type: 'status', status: 307, headers: { location: `${engine.url}/v1/decisions` } }),
  });
  const before = engine.seen.length;
  await expect(loadRemote(`remote:openai/fake@${other.url}`)).rejects.toThrow(/it leads to/);
  expect(engine.seen).toHaveLength(before);
});

test('an address where nobody answers, a model without pictures, and a model that sees nothing', async () => {
  const gone = await FakeEngine.open();
  const { url } = gone;
  await gone[Symbol.asyncDispose]();
  await expect(loadRemote(`remote:vllm/fake@${url}`)).rejects.toMatchObject({
    code: 'model_failed',
    message: expect.stringMatching(/the model fake at .* cannot be reached .*; is it running\?/) as string,
  });
  await using blind = await FakeEngine.open({ sees: false });
  await expect(loadRemote(`remote:vllm/fake@${blind.url}`)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(
      /no way to decide about pictures works .*image input is not supported/,
    ) as string,
  });
  await using guessing = await FakeEngine.open({ guesses: true });
  const warnings: string[] = [];
  await loadRemote(`remote:vllm/fake@${guessing.url}`, { warnings });
  expect(warnings).toEqual([
    'vllm/fake does not tell a red picture from a blue one: check that fake sees pictures',
  ]);
});

test('nothing is asked before a model is loaded, and what it can do is told afterwards', async () => {
  await using engine = await FakeEngine.open();
  const found = await findModel(`remote:vllm/fake@${engine.url}`, quiet);
  expect(engine.seen).toEqual([]);
  expect(found.capabilities.remote).toEqual({ host: `127.0.0.1:${engine.port}`, decides: null });
  await found.load(new AbortController().signal);
  expect(found.capabilities.remote?.decides).toBe('Decisions');
  expect(found.capabilities.recommended.default).toMatchObject({ hysteresis: 0.7, batchLimit: 64 });
});

test('the budget is reserved before every request, so that retries cannot exceed it', async () => {
  // Each request is estimated at 1 cent, costs as much, and fails every other time.
  await using engine = await FakeEngine.open({
    fault: ({ number }) => (number % 2 === 1 ? { type: 'status', status: 500 } : null),
  });
  const file = await writeModelFile({
    ...{ preset: 'vllm', model: 'fake', url: `${engine.url}/v1` },
    prices: { input: 0, output: 0, call: 0.01 },
  });
  const model = await loadRemote(file, { budget: 0.065 });
  await using session = await openRemoteSession(model);
  await playFast(session, [0, 60, 120, 180, 240]);
  expect(engine.seen).toHaveLength(6);
  expect(eventsOf(session, 'frame.scored')).toHaveLength(2);
  const unscored = eventsOf(session, 'frame.unscored');
  expect(unscored.map(({ reason }) => reason)).toEqual(['budget', 'budget', 'budget']);
  expect(unscored[0]?.message).toMatch(
    /could exceed the budget of \$0.065, of which \$0.0600 has been spent/,
  );
  await session.close('done');
  expect(eventsOf(session, 'session.spent').at(-1)).toMatchObject({ calls: 4, budget: 0.065 });
  expect(eventsOf(session, 'session.spent').at(-1)?.dollars).toBeCloseTo(0.04, 9);
});

test('what a model would cost goes by what its file says, in the cheapest and the dearest way', async () => {
  const costsFor = async (fields: object) => {
    const place = await writeModelFile({ preset: 'vllm', model: 'm', ...fields });
    const { costs } = await findModel(place, quiet);
    if (costs === undefined) throw new Error('it costs nothing');
    return costs;
  };
  const any = await costsFor({});
  expect([any.look.least.decides, any.look.most.decides]).toEqual(['Decisions', 'the probability of yes']);
  expect(any.looksPerSecond).toBeNull();
  // One request for what is new, and one for the question.
  const labels = await costsFor({ decide: 'labels', gate: { lookAway: 5 } });
  expect(labels.look.least).toEqual(labels.look.most);
  expect(labels.look.most).toMatchObject({ requests: 2, outputTokens: 2, dollars: 0 });
  const prices = { input: 1, output: 2, call: 0.5 };
  const report = (await costsFor({ decide: 'report', prices, picture: { tokens: 100 } })).look.most;
  expect(report).toMatchObject({ requests: 1, outputTokens: 32 + 2 * 6 });
  expect(report.dollars).toBeCloseTo(0.5 + (report.inputTokens + 2 * report.outputTokens) / 1e6, 9);
  const watched = await costsFor({ fps: 0.5, gate: { detector: 'duet-sight' } });
  expect(watched.looksPerSecond).toBe(0.5);
});

test('a budget needs prices', async () => {
  const file = await writeModelFile({ url: 'http://127.0.0.1:9/v1', model: 'm' });
  await expect(loadRemote(file, { budget: 1 })).rejects.toThrow(
    'a budget of $1 needs the prices of the model',
  );
});

test('a model that says NO REPLY decides by the probability of that', async () => {
  await using engine = await FakeEngine.open({
    firstTokens: [
      ['NO', 0.7],
      [' no', 0.1],
      ['The', 0.2],
    ],
  });
  const file = await writeModelFile({
    preset: 'vllm',
    model: 'MMDuet2',
    url: `${engine.url}/v1`,
    decide: 'no-reply',
  });
  const model = await loadRemote(file);
  expect(model.capabilities.scores).toEqual(['informative']);
  await using session = await openRemoteSession(model);
  await playFast(session, [0]);
  expect(eventsOf(session, 'frame.scored')[0]?.informativeScore).toBeCloseTo(0.3, 6);
});

test('several sessions share the places of an engine in turn', async () => {
  await using engine = await FakeEngine.open({ delayMs: 40 });
  const file = await writeModelFile({
    ...{ preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, limits: { inFlight: 1 } },
  });
  const model = await loadRemote(file);
  await using one = await openRemoteSession(model);
  await using other = await openRemoteSession(model);
  const enough = (): boolean => [one, other].every((each) => eventsOf(each, 'frame.scored').length > 2);
  await Promise.all([playLive(one, enough), playLive(other, enough)]);
  expect(engine.mostAtOnce).toBe(1);
});

test('a place is passed on to whoever waits longest, or not given in time', async () => {
  const places = new Places(1);
  const first = await places.take(60_000);
  const order: string[] = [];
  const waitAs = async (name: string): Promise<void> => {
    using place = await places.take(60_000);
    if (place !== null) order.push(name);
  };
  const [second, third] = [waitAs('second'), waitAs('third')];
  expect(await places.take(1)).toBeNull();
  first?.[Symbol.dispose]();
  await Promise.all([second, third]);
  expect(order).toEqual(['second', 'third']);
  using again = await places.take(60_000);
  expect(again).not.toBeNull();
  await expect(places.take(60_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
});

test('a way that answers without seeing is passed over for one that sees', async () => {
  await using engine = await FakeEngine.open({
    blindAt: ['/v1/decisions'],
  });
  const warnings: string[] = [];
  const model = await loadRemote(`remote:vllm/fake@${engine.url}`, { warnings });
  expect(model.capabilities.remote?.decides).toBe('System One');
  expect(warnings).toEqual([]);
});

test('a way that reads the letters of pictures is passed over, also if no other sees, and if it guesses right', async () => {
  const serves = ['systemone-assets'] as const;
  await using seeing = await FakeEngine.open({ serves });
  const assets = await loadRemote(`remote:vllm/fake@${seeing.url}`);
  expect(assets.capabilities.remote?.decides).toBe('System One, with pictures as assets');
  // Their names are the same for other pictures: in the state they would tell one from another.
  const names = seeing.seen
    .map(({ body }) => Object.keys(body.assets ?? {}))
    .filter(({ length }) => length > 0);
  expect(names).toEqual([names[0], names[0]]);
  // As `transformers serve` does, it refuses what it does not know.
  const detail = [
    { type: 'extra_forbidden', loc: ['body', 'images'], msg: 'Extra inputs are not permitted' },
  ];
  await using guessing = await FakeEngine.open({
    ...{ serves, guesses: true },
    fault: ({ body }) => ('images' in body ? { type: 'status', status: 422, body: { detail } } : null),
  });
  const warnings: string[] = [];
  const blind = await loadRemote(`remote:vllm/fake@${guessing.url}`, { warnings });
  expect(blind.capabilities.remote?.decides).toBe('System One, with pictures as assets');
  const way = { decide: 'systemone', preset: 'vllm', model: 'fake', url: `${guessing.url}/v1` };
  await loadRemote(await writeModelFile(way), { warnings });
  expect(warnings).toEqual([
    'vllm/fake does not tell a red picture from a blue one: check that fake sees pictures',
    'vllm/fake reads the letters of pictures as text, which takes tens of times as much: check that fake sees pictures',
  ]);
});

test('a way that ignores pictures is passed over, although it guesses right', async () => {
  await using engine = await FakeEngine.open({ serves: ['systemone', 'logprobs'] });
  const model = await loadRemote(`remote:vllm/fake@${engine.url}`);
  expect(model.capabilities.remote?.decides).toBe('System One');
  // It was not shown what was in a list, and answered the same for red and blue.
  expect(engine.seen.map(({ body }) => 'images' in body)).toEqual([false, true, true, false, false]);
});

test('pictures that take many tokens whatever their letters are no letters', async () => {
  await using engine = await FakeEngine.open({ inputTokens: () => 30_000 });
  const warnings: string[] = [];
  const model = await loadRemote(`remote:vllm/fake@${engine.url}`, { warnings });
  expect(model.capabilities.remote?.decides).toBe('Decisions');
  expect([engine.seen.length, warnings]).toEqual([2, []]);
});

test('letters that are too many for a way say nothing of how many pictures another takes', async () => {
  await using engine = await FakeEngine.open({
    serves: ['systemone-assets'],
    fault: ({ path, body }) =>
      path === '/v1/systemone' && body.assets === undefined
        ? {
            type: 'status',
            status: 400,
            body: { error: { message: 'maximum context length is 8192 tokens' } },
          }
        : null,
  });
  const warnings: string[] = [];
  const model = await loadRemote(`remote:vllm/fake@${engine.url}`, { warnings });
  expect(model.capabilities.remote?.decides).toBe('System One, with pictures as assets');
  expect([engine.seen.at(-1)?.pictures.length, warnings]).toEqual([2, []]);
});

test('the probe shows as many pictures as a decision will', async () => {
  await using engine = await FakeEngine.open();
  const file = { preset: 'vllm', model: 'fake', url: `${engine.url}/v1`, window: { decision: 3 } };
  await loadRemote(await writeModelFile(file));
  expect(engine.seen.map(({ pictures }) => pictures.length)).toEqual([3, 3]);
});

test('Decisions of OpenAI itself are asked of the model that takes them, words of the model that was named', async () => {
  vi.stubEnv('OPENAI_API_KEY', 'sk-of-a-test');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const own = await readRemotePlace('remote:openai/gpt-6', process.env);
  expect([own.judgeOf('decisions'), own.judgeOf('labels')]).toEqual(['gpt-6-luna', 'gpt-6']);
  const other = await readRemotePlace('remote:openai/gpt-6@http://127.0.0.1:9', process.env);
  expect(other.judgeOf('decisions')).toBe('gpt-6');
});
