import { expect, test } from 'vitest';
import { nothingRecorded, recordedAfter } from '../../../server/duet/record/recorded-state.js';
import { DuetSession } from '../../../server/duet/session.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { eventsOf, openSession } from '../../support/duet-session.js';
import { repliesIn, textsIn, watch } from './question-sessions.js';

const model = (): ScriptedModel =>
  new ScriptedModel({
    scores: () => ({ informative: 0.9, relevance: 0 }),
    replies: (_number, texts) => [`as to ${texts.join(' and ')}`],
  });

test('questions stand again, under their ids, when a session is opened again from its record', async () => {
  const before = await openSession(model());
  await before.addQuestion('A dog?', { id: 'dog', threshold: 0.2 });
  await before.addQuestion('A cow?', { id: 'cow' });
  before.addUserText('What is there?');
  before.addUserText('And now?');
  await watch(before, [1]);
  await before.removeQuestion('cow');
  await before.removeQuestion('question_1');
  const recorded = before.log.snapshot().reduce(recordedAfter, nothingRecorded);
  expect([recorded.questions, recorded.texts]).toEqual([
    [{ questionId: 'dog', text: 'A dog?', threshold: 0.2 }],
    [{ questionId: 'question_2', text: 'And now?' }],
  ]);
  const again = model();
  const after = await DuetSession.open({
    ...{ id: 'test', model: again, settings: before.settings, now: () => 0 },
    reopening: { recorded, awayMs: 5, lostEvents: 0, source: null },
  });
  expect(eventsOf(after, 'session.reopened')).toMatchObject([{ keptTexts: 2 }]);
  expect(textsIn(again)).toEqual([['A dog?'], ['And now?']]);
  expect(after.questions).toEqual([
    { questionId: 'dog', text: 'A dog?', threshold: 0.2 },
    { questionId: 'question_2', text: 'And now?', threshold: null },
  ]);
  await watch(after, [1]);
  expect(repliesIn(after).map(([, id]) => id)).toEqual(['dog', 'question_2']);
});
