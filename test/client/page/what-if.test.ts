import { expect, test } from 'vitest';
import { reduce } from '../../../client/page/state/reduce.js';
import { emptyView, type DuetView } from '../../../client/page/state/view.js';
import { inSpan } from '../../../client/page/what-if/in-span.js';
import { aimedAt, whatIf } from '../../../client/page/what-if/what-if.js';
import type { SessionEvent } from '../../../server/duet/record/events.js';
import { replaySession } from '../../../server/duet/replay/replay-session.js';
import { DuetSession } from '../../../server/duet/session.js';
import { sessionSettings } from '../../../server/duet/settings.js';
import { toWire } from '../../../server/records/wire-event.js';
import { ScriptedModel } from '../../../server/runtime/scripted/scripted-model.js';
import type { LiveSettings } from '../../../server/settings/session-settings.js';
import { settingsToWire } from '../../../server/transport/wire.js';
import { fakeFrames, FakeStream } from '../../support/fake-stream.js';

const sentences = ['A dog comes in.', 'A dog comes in.', 'The dog sits on a red chair.', 'A cat comes in.'];

/** A session with all that matters: repeats, texts, a question while it is over, a second source. */
async function talkativeSession(): Promise<readonly SessionEvent[]> {
  const model = new ScriptedModel({
    scores: (_picture, position) => ({
      informative: ((position * 37) % 101) / 101,
      relevance: ((position * 53) % 97) / 97,
    }),
    replies: (number) => (sentences[number % sentences.length] ?? '').split(/(?<= )/),
  });
  const overrides = { policy: { type: 'threshold', threshold: 0.7 }, assistantTurns: 'remove' } as const;
  const settings = sessionSettings(model.capabilities, 'default', overrides);
  const session = await DuetSession.open({ id: 'a', model, settings, now: () => performance.now() });
  const watching = { source: 'clip', samplingFps: 2, realtime: false };
  session.addUserText('What happens?', { videoTime: 7 });
  await session.watch(new FakeStream(fakeFrames(Array.from({ length: 80 }, () => 10))), watching);
  session.addUserText('And at the end?');
  await session.lookAgain();
  session.addUserText('And now?', { videoTime: 3 });
  await session.watch(new FakeStream(fakeFrames(Array.from({ length: 60 }, () => 10))), watching);
  await session.close('finished');
  return session.log.snapshot();
}

/** When a replay of the record speaks. */
async function replayedTimes(
  events: readonly SessionEvent[],
  change: Partial<LiveSettings>,
): Promise<number[]> {
  const told: number[] = [];
  const each = async function* (): AsyncGenerator<SessionEvent> {
    for (const event of events) yield await Promise.resolve(event);
  };
  for await (const event of replaySession(each(), { change: () => change })) {
    if (event.type === 'response.done') told.push(event.videoTime);
  }
  return told;
}

const viewOf = (events: readonly SessionEvent[]): DuetView => events.map(toWire).reduce(reduce, emptyView);

const changes: readonly Partial<LiveSettings>[] = [
  {},
  { policy: { type: 'threshold', threshold: 0.4 } },
  { policy: { type: 'threshold', threshold: 0.9 }, heads: ['informative', 'relevance'] },
  { policy: { type: 'sum', threshold: 2 }, cooldown: 3 },
  { policy: { type: 'zscore', deviations: 1, window: 20, warmUp: 4 } },
  { policy: { type: 'never' } },
  { cooldown: 4, hysteresis: 0.5, rearmAfter: 6 },
  { replyBudget: 5 },
  { talkRate: 6, policy: { type: 'threshold', threshold: 0.2 } },
  { repeatAfter: 20 },
  { repeatAfter: 60, repeatWords: 2 },
];

const record = await talkativeSession();
const view = viewOf(record);
const [first] = record;
const recorded = first?.type === 'session.opened' ? first.settings : undefined;

test.each(changes)('under %j it speaks when a replay of the whole session does', async (change) => {
  if (recorded === undefined) throw new Error('the record begins with its settings');
  const settings = settingsToWire({ ...recorded, ...change });
  const tried = whatIf(view, settings);
  expect(tried.times).toEqual(await replayedTimes(record, change));
});

test('under the settings that it had it speaks exactly when it has spoken', () => {
  if (recorded === undefined) throw new Error('the record begins with its settings');
  const spoken = record.flatMap((event) => (event.type === 'response.done' ? [event.videoTime] : []));
  expect(spoken.length).toBeGreaterThan(5);
  expect(whatIf(view, settingsToWire(recorded)).times).toEqual(spoken);
});

test('what is decided as it was is exact, and from the first other decision on it is an estimate', () => {
  if (recorded === undefined) throw new Error('the record begins with its settings');
  expect(whatIf(view, settingsToWire(recorded))).toMatchObject({ exactUntil: null, unknownWords: 0 });
  const lower = whatIf(view, settingsToWire({ ...recorded, policy: { type: 'threshold', threshold: 0.5 } }));
  const firstOther = view.frames.find(({ fired, score }) => !fired && score > 0.5);
  expect(lower.exactUntil).toBe(firstOther?.video_time);
  expect(lower.unknownWords).toBeGreaterThan(0);
});

test.each([0.5, 4, 12])(
  'the threshold for %s replies a minute is the lowest that keeps to it',
  (perMinute) => {
    if (recorded === undefined) throw new Error('the record begins with its settings');
    const found = aimedAt(view, settingsToWire(recorded), perMinute);
    if (found?.policy.type !== 'threshold') throw new Error('a threshold was asked for');
    expect(whatIf(view, found).perMinute).toBeLessThanOrEqual(perMinute);
    const lower = { ...found, policy: { ...found.policy, threshold: found.policy.threshold - 0.01 } };
    expect(whatIf(view, lower).perMinute).toBeGreaterThan(perMinute);
  },
);

test('replies are held against what is annotated for the question that was asked', () => {
  const video = {
    ...{
      title: '',
      source: { type: 'sample', name: 'a' } as const,
      playUrl: null,
      questions: [],
      footage: 'real' as const,
    },
    annotated: [
      { question: 'Anything?', spans: [{ from: 1, to: 2 }] },
      {
        question: 'What happens?',
        spans: [
          { from: 3, to: 4 },
          { from: 6, to: 8 },
          { from: 9, to: 9.5 },
        ],
      },
    ],
  };
  expect(inSpan({ ...view, video }, [1.5, 3, 3.5, 7])).toEqual({ replies: 3, spans: 2, allSpans: 3 });
  expect(inSpan({ ...view, video, turns: [] }, [1.5, 3])).toEqual({ replies: 1, spans: 1, allSpans: 1 });
  expect(inSpan({ ...view, video: null }, [1])).toBeNull();
  // What is due later is not missed yet.
  const early = view.frames.filter(({ video_time }) => video_time < 5);
  expect(inSpan({ ...view, video, frames: early.slice(0, 10) }, [3])).toMatchObject({
    spans: 1,
    allSpans: 1,
  });
});
