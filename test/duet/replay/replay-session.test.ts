import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SessionEvent } from '../../../server/duet/record/events.js';
import { replaySession, type ReplaySummary } from '../../../server/duet/replay/replay-session.js';
import { DuetSession } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { packageFolder } from '../../../server/package-folder.js';
import { openModel } from '../../../server/runtime/find-model.js';
import { pictureShapeFor } from '../../../server/runtime/capabilities.js';
import type { SessionSettings } from '../../../server/settings/session-settings.js';
import { openVideo } from '../../../server/video/open-video.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import { modelByBrightness } from '../../support/duet-session.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

type Change = (recorded: SessionSettings) => Partial<SessionSettings>;

async function* each<Item>(items: readonly Item[]): AsyncGenerator<Item, void> {
  for (const item of items) yield await Promise.resolve(item);
}

async function replayed(
  events: readonly SessionEvent[],
  change: Change = () => ({}),
): Promise<{ events: SessionEvent[]; summary: ReplaySummary }> {
  const replay = replaySession(each(events), { change });
  const told: SessionEvent[] = [];
  for (;;) {
    const { done, value } = await replay.next();
    if (done === true) return { events: told, summary: value };
    told.push(value);
  }
}

/** What was decided and said, without when. */
function decisions(events: readonly SessionEvent[]): unknown[] {
  return events.flatMap((event): unknown[] => {
    if (event.type === 'frame.scored' || event.type === 'user.text.inserted') {
      return [{ ...event, seq: 0, elapsedMs: 0 }];
    }
    if (event.type === 'response.suppressed') return [[event.text, event.reason, event.videoTime]];
    return event.type === 'response.done' ? [[event.text, event.status, event.videoTime, event.tokens]] : [];
  });
}

/** Without the parts of replies, which come word by word. */
function typesOf(events: readonly SessionEvent[]): string[] {
  return events.map(({ type }) => type).filter((type) => type !== 'response.text.delta');
}

const settingsOfThree: readonly Partial<SessionSettings>[] = [
  { policy: { type: 'threshold', threshold: 0.3 }, heads: ['informative', 'relevance'] },
  { policy: { type: 'sum', threshold: 0.5 }, cooldown: 1, assistantTurns: 'keep' },
  {
    ...{ policy: { type: 'zscore', deviations: 1, window: 20, warmUp: 4 } },
    ...{ repeatAfter: 60, repeatWords: 4, hysteresis: 0.1, leastChange: 0.01, talkRate: 6, replyBudget: 8 },
  },
];

test.each(settingsOfThree)(
  'a session of duet-nano under %j is decided again as it was',
  async (overrides) => {
    const model = await openModel(
      'duet-nano',
      { workers: 1, onWarning: () => undefined },
      new AbortController().signal,
    );
    onTestFinished(() => model[Symbol.asyncDispose]());
    const settings = sessionSettings(model.capabilities, 'default', overrides);
    const session = await DuetSession.open({ id: 'a', model, settings, now: () => performance.now() });
    const path = join(packageFolder, 'samples', 'clips', 'kitchen.mp4');
    const options = { ...pictureShapeFor(model.capabilities), fps: settings.fps, pacing: 'fast' } as const;
    session.addUserText('What happens?', { videoTime: 2 });
    session.addUserText('And the egg?', { videoTime: 9 });
    const stream = await openVideo(
      { type: 'file', path },
      { ...options, ffmpegPolicy: { trustedSource: true, allowBundled: true } },
    );
    await session.watch(stream, { source: 'kitchen', samplingFps: settings.fps, realtime: false });
    session.addUserText('What was last?');
    await session.lookAgain();
    await session.close('finished');
    const recorded = session.log.snapshot();
    const { events, summary } = await replayed(recorded);
    expect(decisions(events)).toEqual(decisions(recorded));
    expect(summary.frames).toBeGreaterThan(50);
    expect(summary.recordedReplies).toBeGreaterThan(0);
    expect(summary).toMatchObject({
      ...{ sameDecisions: summary.frames, replayedReplies: summary.recordedReplies, unknownReplies: 0 },
    });
  },
);

/** A session on a scripted model: changes, a pause with a question, two sources. */
async function eventfulSession(): Promise<readonly SessionEvent[]> {
  const model = modelByBrightness({ replies: (number) => ['word ', `${number}`] });
  const settings = sessionSettings(model.capabilities, 'default', {});
  const session = await DuetSession.open({ id: 'a', model, settings, now: () => performance.now() });
  const watching = { source: 'clip', samplingFps: 2, realtime: false };
  await session.watch(new FakeStream(fakeFrames([10, 90, 20, 60])), watching);
  session.update({ policy: { type: 'threshold', threshold: 0.15 }, cooldown: 1 }, 'u');
  session.addUserText('Again?', { clientEventId: 'q' });
  await session.lookAgain();
  await session.watch(new FakeStream(fakeFrames([30, 40, 10, 99])), watching);
  await session.close('finished');
  return session.log.snapshot();
}

test('texts after the end, changes of settings and a second source happen where they did', async () => {
  const recorded = await eventfulSession();
  const { events, summary } = await replayed(recorded);
  expect(decisions(events)).toEqual(decisions(recorded));
  expect(typesOf(events)).toEqual(typesOf(recorded));
  expect(summary.sameDecisions).toBe(summary.frames);
});

test('questions with contexts of their own are judged, answered and removed as they were', async () => {
  const scores = [0.1, 0.9, 0.3, 0.95, 0.2, 0.7];
  const model = new ScriptedModel({
    scores: (_picture, position) => ({ informative: 0, relevance: scores[position % scores.length] ?? 0 }),
    replies: (number) => [`seen ${number}`],
    capabilities: { name: 'fake' },
  });
  const settings = sessionSettings(model.capabilities, 'default', { heads: ['relevance'] });
  const session = await DuetSession.open({ id: 'a', model, settings, now: () => performance.now() });
  const watching = { source: 'clip', samplingFps: 2, realtime: false };
  await session.addQuestion('A dog?', { id: 'dog', threshold: 0.8, clientEventId: 'q1' });
  await session.watch(new FakeStream(fakeFrames([1, 2])), watching);
  await session.addQuestion('A cat?', { id: 'cat', threshold: 0.6 });
  await session.watch(new FakeStream(fakeFrames([1, 2, 3, 4, 5, 6, 7])), watching);
  await session.removeQuestion('dog', 'r');
  await session.watch(new FakeStream(fakeFrames([1, 2, 3])), watching);
  await session.close('finished');
  const recorded = session.log.snapshot();
  const { events, summary } = await replayed(recorded);
  expect(decisions(events)).toEqual(decisions(recorded));
  expect(typesOf(events)).toEqual(typesOf(recorded));
  expect(summary).toMatchObject({ frames: 12, sameDecisions: 12, unknownReplies: 0 });
  expect(
    recorded.filter((event) => event.type === 'frame.scored' && event.questions.length === 2),
  ).toHaveLength(7);
});

test('other settings decide otherwise, and replies that nobody made are marked', async () => {
  const recorded = await eventfulSession();
  const { events, summary } = await replayed(recorded, () => ({
    ...{ policy: { type: 'threshold', threshold: 0.05 }, cooldown: 0 },
  }));
  expect(summary.replayedReplies).toBe(summary.frames);
  expect(summary.unknownReplies).toBe(summary.frames - summary.recordedReplies);
  const texts = events.flatMap((event) => (event.type === 'response.done' ? [event.text] : []));
  expect(texts[0]).toContain('unknown reply 1');
  expect(texts[1]).toBe('word 0');
});

test('a record that does not say how it began is refused', async () => {
  const recorded = await eventfulSession();
  await expect(replayed(recorded.slice(1))).rejects.toThrow('does not say how its session began');
});
