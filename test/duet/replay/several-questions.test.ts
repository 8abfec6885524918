import { expect, test } from 'vitest';
import type { SessionEvent } from '../../../server/duet/record/events.js';
import { nothingRecorded, recordedAfter } from '../../../server/duet/record/recorded-state.js';
import { replaySession, type ReplaySummary } from '../../../server/duet/replay/replay-session.js';
import { DuetSession } from '../../../server/duet/session.js';
import type { Script } from '../../../server/runtime/scripted/script.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import type { SessionSettings } from '../../../server/settings/session-settings.js';
import { eventsOf, openSession } from '../../support/duet-session.js';
import { watch } from '../conversation/question-sessions.js';

/**
 * A model that scores each question: it is relevant where its number is the tens of a picture's first byte.
 */
function together(script: Script = {}): ScriptedModel {
  return new ScriptedModel({
    capabilities: { severalQuestions: true },
    relevances: ({ rgb }, texts) =>
      texts.map((text) => (text.endsWith(String(Math.floor((rgb[0] ?? 0) / 10))) ? 0.9 : 0.1)),
    scores: ({ rgb }) => ({ informative: (rgb[0] ?? 0) / 1000, relevance: 0.3 }),
    replies: (number) => [`reply ${number}`],
    ...script,
  });
}

async function replayed(
  events: readonly SessionEvent[],
  change: Partial<SessionSettings> = {},
): Promise<{ told: SessionEvent[]; summary: ReplaySummary }> {
  async function* each() {
    for (const event of events) yield await Promise.resolve(event);
  }
  const replay = replaySession(each(), { change: () => change });
  const told: SessionEvent[] = [];
  for (;;) {
    const { done, value } = await replay.next();
    if (done === true) return { told, summary: value };
    told.push(value);
  }
}

/** What was decided after each frame and about which question, and what was said. */
function decisions(events: readonly SessionEvent[]): unknown[] {
  return events.flatMap((event): unknown[] => {
    if (event.type === 'frame.scored') return [{ ...event, seq: 0, elapsedMs: 0 }];
    return event.type === 'response.done' ? [[event.text, event.questionId]] : [];
  });
}

/** Six questions with thresholds of their own, of which some come and go. */
async function play(model: ScriptedModel, settings: Partial<SessionSettings> = {}): Promise<DuetSession> {
  const session = await openSession(model, { heads: ['relevance'], ...settings });
  for (const number of [1, 2, 3]) await session.addQuestion(`tens ${number}`, { id: `q${number}` });
  await session.addQuestion('tens 4', { id: 'q4', threshold: 0.95 });
  session.addUserText('tens 5');
  await watch(session, [10, 20, 30, 40, 50]);
  await session.removeQuestion('q2', 'e1');
  await session.removeQuestion('question_1', 'e2');
  await session.addQuestion('tens 6', { id: 'q6', threshold: 0.05 });
  await watch(session, [20, 60, 30, 50, 10]);
  await session.close('done');
  return session;
}

test('whether a model takes several questions in one context is told when the session opens', async () => {
  const [one, other] = [await openSession(together()), await openSession(new ScriptedModel())];
  expect(eventsOf(one, 'session.opened')).toMatchObject([{ severalQuestions: true }]);
  expect(eventsOf(other, 'session.opened')).toMatchObject([{ severalQuestions: false }]);
  const recorded = one.log.snapshot().reduce(recordedAfter, nothingRecorded);
  expect(recorded.severalQuestions).toBe(true);
});

test.each([
  ['windows', {}],
  ['a context that is begun again', { capabilities: { severalQuestions: true, evict: false } }],
  ['a model that says itself what it answers', { answered: () => 0 }],
] as const)('questions in one context are decided again as they were: %s', async (_what, script) => {
  const session = await play(together(script));
  const events = session.log.snapshot();
  const asked = new Set(eventsOf(session, 'frame.scored').map(({ questionId }) => questionId));
  expect(asked.size).toBeGreaterThan(3);
  const { told, summary } = await replayed(events);
  expect(summary).toMatchObject({ frames: 10, sameDecisions: 10, unknownReplies: 0 });
  expect(summary.recordedReplies).toBeGreaterThan(3);
  expect(decisions(told)).toEqual(decisions(events));
});

test('under another threshold those questions are judged that have none of their own', async () => {
  const session = await play(together());
  const { summary } = await replayed(session.log.snapshot(), {
    policy: { type: 'threshold', threshold: 0.95 },
  });
  expect(summary.recordedReplies).toBeGreaterThan(summary.replayedReplies);
  expect(summary.replayedReplies).toBeGreaterThan(0);
});

test('more questions stand in a replay than a model takes that hears each apart', async () => {
  const session = await openSession(together(), { heads: ['relevance'] });
  for (let number = 1; number <= 8; number++) await session.addQuestion(`tens ${number}`);
  await watch(session, [10, 80]);
  await session.close('done');
  const { summary } = await replayed(session.log.snapshot());
  expect(summary).toMatchObject({ frames: 2, sameDecisions: 2, recordedReplies: 2, replayedReplies: 2 });
});

test('a session that is opened again is replayed with its questions', async () => {
  const before = await openSession(together(), { heads: ['relevance'] });
  for (const number of [1, 2]) await before.addQuestion(`tens ${number}`, { id: `q${number}` });
  await watch(before, [10]);
  const recorded = before.log.snapshot().reduce(recordedAfter, nothingRecorded);
  const after = await DuetSession.open({
    ...{ id: 'test', model: together(), settings: before.settings, now: () => 0 },
    reopening: { recorded, awayMs: 5, lostEvents: 0, source: null },
  });
  await watch(after, [20, 10]);
  await after.close('done');
  const events = [...before.log.snapshot(), ...after.log.snapshot()];
  const { told, summary } = await replayed(events);
  expect(summary).toMatchObject({ frames: 3, sameDecisions: 3 });
  expect(decisions(told)).toEqual(decisions(events));
});

test('texts that give way do not shift the scores of the others', async () => {
  const session = await openSession(together(), { heads: ['relevance'] });
  await session.addQuestion('tens 1', { id: 'q1' });
  for (let number = 0; number < 9; number++) session.addUserText(`text ${number}0`);
  await watch(session, [10]);
  expect(eventsOf(session, 'frame.scored')).toMatchObject([{ questionId: 'q1', relevanceScore: 0.9 }]);
});
