import { describe, expect, test } from 'vitest';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import { eventsOf, openSession, tokensUpTo } from '../../support/duet-session.js';
import { repliesIn, textsIn, watch } from './question-sessions.js';

describe('a model that scores questions together', () => {
  const together = (script: Script = {}): ScriptedModel =>
    new ScriptedModel({
      capabilities: { severalQuestions: true },
      // Each question is relevant where its number is the tens of the first byte.
      relevances: ({ rgb }, texts) =>
        texts.map((text) => (text.endsWith(String(Math.floor((rgb[0] ?? 0) / 10))) ? 0.9 : 0.1)),
      scores: ({ rgb }) => ({ informative: 0, relevance: (rgb[0] ?? 0) > 0 ? 0.9 : 0 }),
      ...script,
    });

  test('hears them in one context, and its relevance tells which is answered', async () => {
    const model = together();
    const session = await openSession(model, { heads: ['relevance'] });
    await session.addQuestion('tens 1', { id: 'one' });
    await session.addQuestion('tens 2', { id: 'two', threshold: 0.8 });
    await watch(session, [10, 20, 30]);
    expect(textsIn(model)).toEqual([['tens 1', 'tens 2']]);
    expect(repliesIn(session).map(([time, id]) => [time, id])).toEqual([
      [0, 'one'],
      [0.5, 'two'],
    ]);
  });

  test('may say itself which question a reply answers', async () => {
    const model = together({ relevances: () => [0.9, 0.8], answered: () => 1 });
    const session = await openSession(model, { heads: ['relevance'] });
    await session.addQuestion('tens 1', { id: 'one' });
    await session.addQuestion('tens 2', { id: 'two' });
    await watch(session, [10]);
    expect(eventsOf(session, 'response.started')).toMatchObject([{ questionId: 'one' }]);
    expect(eventsOf(session, 'response.done')).toMatchObject([{ questionId: 'two' }]);
  });

  test('forgets a removed one where it can evict', async () => {
    const model = together();
    const session = await openSession(model, { heads: ['relevance'], memory: 'windows' });
    await session.addQuestion('tens 1', { id: 'one' });
    await session.addQuestion('tens 2', { id: 'two' });
    await watch(session, [10]);
    await session.removeQuestion('one');
    await watch(session, [20, 10]);
    expect(textsIn(model)).toEqual([['tens 2']]);
    expect(repliesIn(session).map(([time, id]) => [time, id])).toEqual([
      [0, 'one'],
      [0, 'two'],
    ]);
  });
});

describe('questions are bounded', () => {
  test.each([
    [false, 4],
    [true, 8],
  ])('of a model that takes several together (%s), %d may be added', async (severalQuestions, most) => {
    const session = await openSession(new ScriptedModel({ capabilities: { severalQuestions } }));
    for (let number = 0; number < most; number++) await session.addQuestion(`above ${number}?`);
    await expect(session.addQuestion('one more')).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining(`${most} questions stand already`) as string,
    });
    await session.removeQuestion('question_1');
    expect(await session.addQuestion('one more')).toMatchObject({ questionId: `question_${most + 1}` });
  });

  test('an id stands once', async () => {
    const session = await openSession(new ScriptedModel());
    await session.addQuestion('a', { id: 'question_1' });
    await expect(session.addQuestion('b', { id: 'question_1' })).rejects.toThrow(
      'stands already: choose another',
    );
    expect(await session.addQuestion('b')).toMatchObject({ questionId: 'question_2' });
  });

  test.each([
    [false, 2],
    [true, 1],
  ])('texts that stand apart take each other no room (together: %s)', async (severalQuestions, stand) => {
    const capabilities = { severalQuestions, capacity: { ...tokensUpTo(400), textByte: null } };
    const session = await openSession(new ScriptedModel({ capabilities }));
    await session.addQuestion('word '.repeat(120));
    await watch(session, [1]);
    const second = session.addQuestion('word '.repeat(120)).then(
      () => 'added',
      (thrown: unknown) => String(thrown),
    );
    expect(await second).toMatch(severalQuestions ? /remove a question/ : 'added');
    expect(session.questions).toHaveLength(stand);
    await watch(session, [1, 1]);
    expect(eventsOf(session, 'user.text.inserted')).toHaveLength(stand);
    expect(eventsOf(session, 'user.text.refused')).toEqual([]);
  });

  test('one too long for the model is refused and does not stand', async () => {
    const session = await openSession(new ScriptedModel({ capabilities: { capacity: tokensUpTo(200) } }));
    await expect(session.addQuestion('word '.repeat(500))).rejects.toMatchObject({ code: 'context_full' });
    expect(session.questions).toEqual([]);
    expect(eventsOf(session, 'question.added')).toEqual([]);
    await session.addQuestion('short');
    await watch(session, [1]);
    await session.removeQuestion('question_1');
    await expect(session.requireFits('word '.repeat(500))).rejects.toMatchObject({ code: 'context_full' });
  });
});
