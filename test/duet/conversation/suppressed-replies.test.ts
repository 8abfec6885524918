import { describe, expect, test } from 'vitest';
import type { DuetSession } from '../../../server/duet/session.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import type { SessionSettings } from '../../../server/settings/session-settings.js';
import { eventsOf, modelByBrightness, openSession, tokensUpTo } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

const label = { source: 'test', samplingFps: 2, realtime: false };

/** Plays frames that all fire, one reply after another, and returns session and model. */
async function play(
  replies: NonNullable<Script['replies']>,
  settings: Partial<SessionSettings> = {},
  { frames = 4, script = {} }: { frames?: number; script?: Script } = {},
) {
  const model = modelByBrightness({ replies, ...script });
  const session = await openSession(model, { repeatAfter: 10, ...settings });
  await session.watch(new FakeStream(fakeFrames(new Array<number>(frames).fill(90))), label);
  return { model, session };
}

/** What happened to each reply, in order. */
function talk(session: DuetSession): string[] {
  return session.log.snapshot().flatMap((event) => {
    if (event.type === 'response.started') return [`${event.responseId} started`];
    if (event.type === 'response.text.delta') return [`${event.responseId} + ${event.delta}`];
    if (event.type === 'response.done') return [`${event.responseId} ${event.status}: ${event.text}`];
    if (event.type !== 'response.suppressed') return [];
    return [`${event.responseId} ${event.reason} as ${event.repeats}: ${event.text}`];
  });
}

const contextOf = ({ contexts }: ReturnType<typeof modelByBrightness>) =>
  contexts.at(-1)?.entries.map((entry) => (entry.type === 'frame' ? 'frame' : `${entry.type} ${entry.text}`));

describe('a reply that repeats an earlier one', () => {
  test('is suppressed with its text, and nothing of it is told', async () => {
    const { session } = await play([['A dog ', 'comes in.'], ['Then a dog ', 'comes in.'], 'A cat leaves.']);
    expect(talk(session)).toEqual([
      ...['response_1 started', 'response_1 + A dog ', 'response_1 + comes in.'],
      'response_1 completed: A dog comes in.',
      'response_2 nothing_new as response_1: Then a dog comes in.',
      ...['response_3 started', 'response_3 + A cat leaves.', 'response_3 completed: A cat leaves.'],
      'response_4 nothing_new as response_3: A cat leaves.',
    ]);
    expect(eventsOf(session, 'response.suppressed')).toMatchObject([
      { videoTime: 0.5, frameIndex: 1, tokens: 2, timing: { firedMs: 0, firstTokenMs: 0, finishedMs: 0 } },
      { videoTime: 1.5, frameIndex: 3 },
    ]);
  });

  test('is told again once the time is over', async () => {
    const { session } = await play(['A dog.'], { repeatAfter: 1 }, { frames: 5 });
    expect(eventsOf(session, 'response.done').map(({ videoTime }) => videoTime)).toEqual([0, 1, 2]);
  });

  test('is told if the gate is off, which is the default', async () => {
    const model = modelByBrightness({ replies: ['A dog.'] });
    const session = await openSession(model);
    await session.watch(new FakeStream(fakeFrames([90, 90, 90])), label);
    expect(eventsOf(session, 'response.done')).toHaveLength(3);
    expect(eventsOf(session, 'response.suppressed')).toEqual([]);
  });

  test.each(['keep', 'remove'] as const)('leaves no trace in the context (%s)', async (assistantTurns) => {
    const { model } = await play(['A dog.'], { assistantTurns }, { frames: 3 });
    const told = assistantTurns === 'keep' ? ['assistant A dog.'] : [];
    expect(contextOf(model)).toEqual(['system You watch.', 'frame', ...told, 'frame', 'frame']);
  });

  test('stays where a context cannot be cut back', async () => {
    const capabilities = { name: 'fake', cutBack: false };
    const { model } = await play(
      ['A dog.'],
      { assistantTurns: 'keep' },
      { frames: 2, script: { capabilities } },
    );
    expect(contextOf(model)).toHaveLength(5);
    expect(model.heard.some(({ type }) => type === 'cut')).toBe(false);
  });

  test('does not start a cooldown, nor take from the budget', async () => {
    const replies = ['A dog.', 'A dog.', 'A cat.', 'A cow.'];
    const { session } = await play(replies, { cooldown: 1, replyBudget: 2 }, { frames: 6 });
    expect(eventsOf(session, 'frame.scored').map(({ reason }) => reason)).toEqual([
      ...['fired', 'cooldown', 'fired', 'fired', 'cooldown', 'budget_spent'],
    ]);
    expect(talk(session).filter((line) => line.includes(':'))).toEqual([
      'response_1 completed: A dog.',
      'response_2 nothing_new as response_1: A dog.',
      'response_3 completed: A cat.',
    ]);
  });

  test('is worth telling again when the user says something, or another source begins', async () => {
    const { session } = await play(['A dog.'], {}, { frames: 2 });
    session.addUserText('What is there?');
    await session.lookAgain();
    await session.watch(new FakeStream(fakeFrames([90])), label);
    expect(eventsOf(session, 'response.suppressed')).toHaveLength(1);
    expect(eventsOf(session, 'response.done')).toHaveLength(3);
  });
});

describe('a reply is held back only as long as it may repeat', () => {
  test('a new one is told from its first new word on, with all that came before', async () => {
    const parts = [['A dog comes in.'], ['A ', 'dog ', 'comes ', 'out ', 'and ', 'barks.']];
    const { session } = await play(parts, {}, { frames: 2 });
    expect(talk(session).slice(3)).toEqual([
      'response_2 started',
      ...['response_2 + A dog comes out ', 'response_2 + and ', 'response_2 + barks.'],
      'response_2 completed: A dog comes out and barks.',
    ]);
  });

  test('one that says less, but other than the earlier one, is told at its end', async () => {
    const { session } = await play(['A red and a blue ball fall.', ['A blue ', 'ball.']], {}, { frames: 2 });
    expect(talk(session).slice(3)).toEqual([
      ...['response_2 started', 'response_2 + A blue ball.', 'response_2 completed: A blue ball.'],
    ]);
  });

  test('a cancelled one is told as far as it went, and is not remembered', async () => {
    let session: DuetSession | null = null;
    async function* cancelled(): AsyncGenerator<string> {
      yield 'A dog ';
      session?.cancelReply();
      yield await Promise.resolve('comes.');
    }
    const model = modelByBrightness({
      replies: (number) => (number === 1 ? cancelled() : ['A dog comes.']),
    });
    session = await openSession(model, { repeatAfter: 10 });
    await session.watch(new FakeStream(fakeFrames([90, 90])), label);
    expect(talk(session).slice(3)).toEqual([
      ...['response_2 started', 'response_2 + A dog ', 'response_2 cancelled: A dog '],
    ]);
  });

  test('one that fails is told as failed', async () => {
    const model = modelByBrightness({
      replies: (number) => {
        if (number === 0) return ['A dog.'];
        throw new Error('broken');
      },
    });
    const session = await openSession(model, { repeatAfter: 10 });
    await expect(session.watch(new FakeStream(fakeFrames([90, 90])), label)).rejects.toThrow('broken');
    expect(talk(session).slice(3)).toEqual(['response_2 started', 'response_2 failed: ']);
  });
});

describe('a reply that begins as an earlier one', () => {
  const words = 'A large dog runs across the meadow to the house where people wait.'.split(/(?<= )/);

  test('is broken off after so many words', async () => {
    const { session, model } = await play(
      [words, [...words.slice(0, 8), 'tree.']],
      { repeatWords: 4 },
      { frames: 2 },
    );
    expect(talk(session).at(-1)).toBe('response_2 same_beginning as response_1: A large dog runs across ');
    expect(model.heard.at(-1)).toMatchObject({ type: 'reply-end', reason: 'cancelled' });
  });

  test('goes on while the earlier one has numbers to come', async () => {
    const score = (home: number) => `The home team has now scored ${home} points.`.split(/(?<= )/);
    const { session } = await play([score(2), score(3)], { repeatWords: 2 }, { frames: 2 });
    expect(eventsOf(session, 'response.done').map(({ text }) => text)).toEqual([
      ...['The home team has now scored 2 points.', 'The home team has now scored 3 points.'],
    ]);
  });
});

describe('the least change of the picture', () => {
  test('keeps the assistant silent until the picture changes, with the change in the trace', async () => {
    const model = modelByBrightness({ replies: (number) => [`Thing ${number}.`] });
    const session = await openSession(model, { leastChange: 0.05, batchLimit: 1 });
    await session.watch(new FakeStream(fakeFrames([60, 60, 65, 90, 90])), label);
    const trace = eventsOf(session, 'frame.scored');
    expect(trace.map(({ reason }) => reason)).toEqual([
      ...['fired', 'no_visible_change', 'no_visible_change', 'fired', 'no_visible_change'],
    ]);
    const changes = trace.map(({ pictureChange }) => pictureChange?.toFixed(3) ?? null);
    expect(changes).toEqual([null, '0.000', '0.020', '0.118', '0.000']);
  });

  test('does not keep it from answering a new question', async () => {
    const session = await openSession(modelByBrightness(), { leastChange: 1 });
    await session.watch(new FakeStream(fakeFrames([60, 60])), label);
    session.addUserText('And now?');
    await session.lookAgain();
    expect(eventsOf(session, 'frame.scored').map(({ reason }) => reason)).toEqual([
      ...['fired', 'no_visible_change', 'fired'],
    ]);
  });

  test('is not measured unless asked for', async () => {
    const { session } = await play(['A dog.'], {}, { frames: 2 });
    expect(eventsOf(session, 'frame.scored').map(({ pictureChange }) => pictureChange)).toEqual([null, null]);
  });
});

test('everything can be switched while the session runs', async () => {
  const model = modelByBrightness({ replies: ['A dog.'] });
  const session = await openSession(model);
  const watch = () => session.watch(new FakeStream(fakeFrames([90, 90, 90])), label);
  await watch();
  session.update({ repeatAfter: 5 });
  await watch();
  session.update({ repeatAfter: 0, replyBudget: 1 });
  await watch();
  session.update({ replyBudget: 0, hysteresis: 0.5 });
  await watch();
  const reasons = eventsOf(session, 'frame.scored').map(({ reason }) => reason);
  expect(reasons).toEqual([
    ...['fired', 'fired', 'fired', 'fired', 'fired', 'fired'],
    ...['fired', 'budget_spent', 'budget_spent', 'fired', 'not_rearmed', 'not_rearmed'],
  ]);
  expect(eventsOf(session, 'response.suppressed')).toHaveLength(2);
});

test('an endless stream of repeats costs no memory', async () => {
  const model = modelByBrightness({
    replies: (number) => [`Thing ${number % 100}.`],
    capabilities: { capacity: tokensUpTo(4096) },
  });
  const session = await openSession(model, { repeatAfter: 86_400 });
  await session.watch(new FakeStream(fakeFrames(new Array<number>(400).fill(90))), label);
  // Only the newest 64 are compared with, so a hundred things go round.
  expect(eventsOf(session, 'response.done').length).toBe(400);
});
