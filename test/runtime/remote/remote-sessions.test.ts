import { expect, onTestFinished, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DuetSession } from '../../../server/duet/session.js';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine, type FakeEngineScript, type Fault } from '../../support/fake-engine.js';
import type { SeenRequest } from '../../support/seen-request.js';
import { waitUntil } from '../../support/wait-until.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playFast, playLive } from './remote-session.js';

const isNew = (statement: string): boolean => statement.includes('shows something that is new');

/** High for a statement about what is new at the given decision, counted from 0, low otherwise. */
function newAt(...decisions: readonly number[]): (statement: string) => number {
  let decision = -1;
  return (statement) => {
    if (isNew(statement)) decision += 1;
    return isNew(statement) && decisions.includes(decision) ? 0.9 : 0.1;
  };
}

async function opened(script: FakeEngineScript): Promise<{ engine: FakeEngine; session: DuetSession }> {
  const engine = await FakeEngine.open(script);
  const model = await loadRemote(`remote:vllm/fake@${engine.url}`);
  const session = await openRemoteSession(model);
  onTestFinished(async () => {
    await session[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });
  return { engine, session };
}

test.each([
  {
    serves: ['decisions', 'systemone', 'logprobs', 'report'],
    decides: 'Decisions',
    path: '/v1/decisions',
    trust: undefined,
  },
  { serves: ['systemone', 'logprobs', 'report'], decides: 'System One', path: '/v1/systemone', trust: 0.97 },
  {
    serves: ['systemone-images', 'logprobs', 'report'],
    decides: 'System One, with a list of pictures',
    path: '/v1/systemone',
    trust: 0.97,
  },
  {
    serves: ['systemone-assets', 'logprobs', 'report'],
    decides: 'System One, with pictures as assets',
    path: '/v1/systemone',
    trust: 0.97,
  },
  {
    serves: ['logprobs', 'report'],
    decides: 'the probability of yes',
    path: '/v1/chat/completions',
    trust: 0.9,
  },
  {
    serves: ['report'],
    decides: 'what the model says of itself',
    path: '/v1/chat/completions',
    trust: undefined,
  },
] as const)(
  'a session through $decides: scores reach the policy, and it speaks',
  async ({ serves, decides, path, trust }) => {
    const { engine, session } = await opened({ serves, probability: newAt(2) });
    expect(session.model.capabilities.remote).toEqual({ host: `127.0.0.1:${engine.port}`, decides });
    await playFast(session, [0, 60, 120, 180]);
    const scored = eventsOf(session, 'frame.scored');
    expect(scored.map(({ informativeScore }) => Math.round(informativeScore * 100) / 100)).toEqual([
      0.1, 0.1, 0.9, 0.1,
    ]);
    expect(scored.map(({ fired }) => fired)).toEqual([false, false, true, false]);
    for (const { trust: told } of scored) {
      if (trust === undefined) expect(told).toBeUndefined();
      else expect(told).toBeCloseTo(trust, 5);
    }
    expect(eventsOf(session, 'response.done')).toMatchObject([
      { status: 'completed', text: 'A car.', kept: true, tokens: 4 },
    ]);
    const asked = engine.at(path).filter(({ body }) => body.stream !== true);
    expect(asked).toHaveLength(4);
    // Whole JPEGs, and never more than the window.
    expect(asked.map(({ pictures }) => pictures.length)).toEqual([1, 2, 2, 2]);
    for (const { pictures } of asked) for (const jpeg of pictures) expect(jpeg.readUInt16BE(0)).toBe(0xffd8);
    // What was said is told before the next decision.
    expect(asked[3]?.texts.join('\n')).toContain('[2.0 s] Assistant: "A car."');
  },
);

test('one request asks about all standing questions, and a reply names the one that it answers', async () => {
  const { engine, session } = await opened({
    probability: (statement) => (statement.includes('bicycle') ? 0.8 : 0.05),
  });
  await session.addQuestion('Tell me when a bus comes.', { id: 'bus' });
  await session.addQuestion('Tell me when a bicycle comes.', { id: 'bicycle' });
  await playFast(session, [0, 60]);
  const asked = engine.at('/v1/decisions');
  expect(asked.map(({ body }) => (body.questions as object[]).length)).toEqual([3, 3]);
  expect(eventsOf(session, 'frame.scored')[0]).toMatchObject({
    informativeScore: 0.05,
    relevanceScore: 0.8,
    questionId: 'bicycle',
  });
  expect(eventsOf(session, 'response.done')[0]).toMatchObject({ questionId: 'bicycle' });
});

test('a question asked midway is part of the next request, also of one that the gate would have spared', async () => {
  const { engine, session } = await opened({
    probability: (statement) => (statement.includes('zebra') ? 0.8 : 0.1),
  });
  let asked = false;
  const done = (): boolean => eventsOf(session, 'response.done').length > 0;
  await playLive(
    session,
    () => {
      if (!asked && eventsOf(session, 'frame.unscored').length > 3) {
        asked = true;
        session.addUserText('Is there a zebra?');
      }
      return done();
    },
    { still: true },
  );
  expect(eventsOf(session, 'frame.unscored')[0]).toMatchObject({ reason: 'unchanged', message: null });
  expect(engine.at('/v1/decisions').length).toBeLessThanOrEqual(4);
  expect(eventsOf(session, 'response.done')[0]).toMatchObject({ questionId: 'question_1', text: 'A car.' });
  expect(engine.at('/v1/chat/completions')[0]?.texts.join('\n')).toContain('1. "Is there a zebra?"');
});

test('a reply is cancelled at the engine as well', async () => {
  async function* endless(): AsyncGenerator<string> {
    for (let word = 0; word < 10_000; word++) {
      yield `word${word} `;
      await sleep(5);
    }
  }
  const { engine, session } = await opened({ probability: newAt(0), reply: endless });
  const played = playFast(session, [0, 60, 120]);
  await waitUntil(() => eventsOf(session, 'response.text.delta').length > 2);
  expect(session.cancelReply()).toBe(true);
  await played;
  expect(eventsOf(session, 'response.done')).toMatchObject([{ status: 'cancelled' }]);
  expect(eventsOf(session, 'frame.scored')).toHaveLength(3);
  await waitUntil(() => engine.aborted === 1);
});

test('in real time only the newest picture is asked about, and none waits for another', async () => {
  const { engine, session } = await opened({ delayMs: 100 });
  await playLive(session, () => eventsOf(session, 'frame.scored').length >= 4);
  const [scored, unscored] = [eventsOf(session, 'frame.scored'), eventsOf(session, 'frame.unscored')];
  expect(unscored.length).toBeGreaterThan(scored.length);
  expect(new Set(unscored.map(({ reason }) => reason))).toEqual(new Set(['busy']));
  const indices = [...scored, ...unscored].map(({ frameIndex }) => frameIndex).toSorted((a, b) => a - b);
  expect(indices).toEqual(indices.map((_, index) => index));
  expect(engine.at('/v1/decisions')).toHaveLength(scored.length);
});

test('what has nothing to say is suppressed', async () => {
  const { session } = await opened({ probability: newAt(0, 1), reply: () => ['NOT', 'HING', '.'] });
  await playFast(session, [0, 60]);
  expect(eventsOf(session, 'response.started')).toEqual([]);
  expect(eventsOf(session, 'response.suppressed')).toMatchObject([
    { reason: 'nothing_new', repeats: null, text: '' },
    { reason: 'nothing_new', repeats: null, text: '' },
  ]);
});

test.each<{ fault: Fault; reason: 'failed' | 'refused'; says: RegExp | null }>([
  { fault: { type: 'status', status: 429 }, reason: 'failed', says: /answered 429/ },
  {
    fault: { type: 'status', status: 429, headers: { 'retry-after': '1' } },
    reason: 'failed',
    says: /answered 429/,
  },
  { fault: { type: 'status', status: 500 }, reason: 'failed', says: /answered 500/ },
  { fault: { type: 'junk' }, reason: 'failed', says: /not JSON/ },
  { fault: { type: 'hang-up' }, reason: 'failed', says: /cannot be reached/ },
  {
    fault: { type: 'inside', error: { message: 'overloaded', code: 529 } },
    reason: 'failed',
    says: /overloaded/,
  },
  { fault: { type: 'huge' }, reason: 'failed', says: /larger than 4 MiB/ },
  { fault: { type: 'deep' }, reason: 'failed', says: /not JSON/ },
  {
    fault: { type: 'status', status: 200, body: { answers: [] } },
    reason: 'failed',
    says: /did not answer what it was asked/,
  },
  { fault: { type: 'refusal' }, reason: 'refused', says: null },
  {
    fault: {
      type: 'status',
      status: 400,
      body: { error: { message: 'flagged by content policy', code: 'content_filter' } },
    },
    reason: 'refused',
    says: /content policy/,
  },
])(
  'after $fault.type $fault.status frames have no scores for a while, and the session goes on',
  async ({ fault, reason, says }) => {
    let isBroken = false;
    const { session } = await opened({ fault: () => (isBroken ? fault : null) });
    const reasons = (): string[] => eventsOf(session, 'frame.unscored').map((event) => event.reason);
    let before = 0;
    await playLive(session, () => {
      if (!isBroken && before === 0 && eventsOf(session, 'frame.scored').length > 0) isBroken = true;
      if (isBroken && reasons().includes(reason)) {
        isBroken = false;
        before = eventsOf(session, 'frame.scored').length;
      }
      return before > 0 && eventsOf(session, 'frame.scored').length > before;
    });
    const first = eventsOf(session, 'frame.unscored').find((event) => event.reason === reason);
    expect(first).toBeDefined();
    if (says !== null) expect(first?.message).toMatch(says);
  },
);

test('an engine whose answers make no sense is left alone for a while after each', async () => {
  let isBroken = false;
  const nonsense = { type: 'status', status: 200, body: { answers: [] } } as const;
  const { session } = await opened({ fault: () => (isBroken ? nonsense : null) });
  const reasons = (): string =>
    eventsOf(session, 'frame.unscored')
      .map(({ message }) => message)
      .join('\n');
  await playLive(session, () => {
    isBroken ||= eventsOf(session, 'frame.scored').length > 0;
    return reasons().includes('left alone');
  });
  expect(reasons()).toMatch(/did not answer what it was asked.*\n.*left alone for 1 s/);
});

test.each(['stall', 'drip'] as const)('an answer that comes too late (%s) is given up', async (type) => {
  await using engine = await FakeEngine.open({ fault: ({ number }) => (number === 2 ? { type } : null) });
  const file = await writeModelFile({
    preset: 'vllm',
    model: 'fake',
    url: `${engine.url}/v1`,
    limits: { decisionSeconds: 0.3 },
  });
  await using session = await openRemoteSession(await loadRemote(file));
  await playLive(session, () => eventsOf(session, 'frame.scored').length >= 2);
  const late = eventsOf(session, 'frame.unscored').find(({ reason }) => reason === 'failed');
  expect(late?.message).toMatch(/did not answer within 0.3 s/);
});

test('an engine that was killed is asked again once it is back', async () => {
  const first = await FakeEngine.open();
  const { port } = first;
  await using session = await openRemoteSession(await loadRemote(`remote:vllm/fake@${first.url}`));
  let second: FakeEngine | null = null;
  let step = 0;
  await playLive(session, () => {
    if (step === 0 && eventsOf(session, 'frame.scored').length > 1) {
      step = 1;
      void first[Symbol.asyncDispose]();
    }
    if (step === 1 && eventsOf(session, 'frame.unscored').some(({ reason }) => reason === 'failed')) {
      step = 2;
      void FakeEngine.open({ port }).then((engine) => (second = engine));
    }
    return second !== null && second.at('/v1/decisions').length > 0;
  });
  expect(eventsOf(session, 'frame.scored').length).toBeGreaterThan(2);
  expect(eventsOf(session, 'source.ended')).toHaveLength(1);
  await (second as FakeEngine | null)?.[Symbol.asyncDispose]();
});

test('where nobody watches in real time, a failed request is made again until it is answered', async () => {
  const broken = new Set([2, 3, 5]);
  const { engine, session } = await opened({
    fault: ({ number }) => (broken.has(number) ? { type: 'status', status: number === 5 ? 429 : 503 } : null),
  });
  await playFast(session, [0, 60, 120]);
  expect(eventsOf(session, 'frame.scored')).toHaveLength(3);
  expect(eventsOf(session, 'frame.unscored')).toEqual([]);
  expect(engine.at('/v1/decisions')).toHaveLength(3 + 3);
});

test('a reply that fails does not end the session', async () => {
  const isWords = ({ body }: SeenRequest): boolean => body.stream === true;
  const { session } = await opened({
    probability: newAt(0, 1),
    fault: (request) => (isWords(request) ? { type: 'inside', error: { message: 'out of memory' } } : null),
  });
  await playFast(session, [0, 60]);
  const [done] = eventsOf(session, 'response.done');
  expect(done).toMatchObject({ status: 'failed', error: { code: 'model_failed' } });
  expect(done?.error?.message).toMatch(/out of memory/);
  expect(eventsOf(session, 'frame.scored')).toHaveLength(2);
});
