import { expect, test } from 'vitest';
import {
  nearestIndex,
  plotColumns,
  plotMarks,
  scoreCeiling,
  sumCeiling,
  visibleRange,
} from '../../../client/page/scores/plot-data.js';
import { reasonText } from '../../../client/page/state/reason-text.js';
import { reduce } from '../../../client/page/state/reduce.js';
import { emptyView } from '../../../client/page/state/view.js';
import { sessionEventSchema } from '../../../server/protocol/session-events.js';
import { frame, inserted, sourceOpened, started } from '../wire-events.js';

const summed = frame({ video_time: 1, running_sum: 1.4, threshold: 2, score: 0.6 });

test('each frame is one row: its time, both heads, and what was compared with what', () => {
  const columns = plotColumns([frame({ threshold: 0.5, score: 0.2 }), summed]);
  expect(columns).toEqual({
    times: [0, 1],
    informative: [0.2, 0.2],
    relevance: [0.1, 0.1],
    score: [0.2, 0.6],
    sum: [null, 1.4],
    scoreThreshold: [0.5, null],
    sumThreshold: [null, 2],
  });
});

test('replies and questions are marked where they stand in the video; a question that waits is not', () => {
  const actions = [
    sourceOpened({ seq: 2 }),
    inserted({ video_time: 2 }),
    started({ video_time: 3, response_id: 'r1' }),
    { type: 'local.say', eventId: 'c9', text: 'later' } as const,
  ];
  const view = actions.reduce(reduce, emptyView);
  expect(plotMarks(view.turns)).toMatchObject([
    { type: 'question', videoTime: 2 },
    { type: 'reply', videoTime: 3 },
  ]);
});

test('what was asked before the video started is marked too', () => {
  const actions = [inserted({ video_time: 0 }), sourceOpened({ seq: 5 }), started({ video_time: 3 })];
  expect(plotMarks(actions.reduce(reduce, emptyView).turns)).toHaveLength(2);
});

test.each([
  ['a video of known length is shown whole', sourceOpened(), [frame({ video_time: 4 })], { from: 0, to: 20 }],
  [
    'a live video shows its last minute',
    live(null),
    [frame(), frame({ video_time: 100 })],
    { from: 40, to: 100 },
  ],
  ['a live video begins with an empty minute', live(null), [], { from: 0, to: 60 }],
  [
    'a long video shows its last ten minutes',
    live(3600),
    [frame({ video_time: 1000 })],
    { from: 400, to: 1000 },
  ],
])('%s', (_what, source, frames, expected) => {
  expect(visibleRange({ source, frames, phase: 'running' })).toEqual(expected);
});

test('at its end a video of unknown length is shown whole', () => {
  const frames = [frame(), frame({ video_time: 100 })];
  expect(visibleRange({ source: live(null), frames, phase: 'ended' })).toEqual({ from: 0, to: 100 });
});

test('the axis of the scores reaches the number of heads, and further where a threshold is higher', () => {
  expect(scoreCeiling(plotColumns([frame()]), 2)).toBe(2);
  expect(scoreCeiling(plotColumns([frame({ threshold: 1.7 })]), 1)).toBe(1.7);
});

test('the axis of the sum leaves room above the threshold', () => {
  expect(sumCeiling(plotColumns([summed]))).toBeCloseTo(2.3);
});

test.each([
  [-5, 0],
  [0.4, 0],
  [0.6, 1],
  [2.4, 2],
  [99, 3],
])('the frame nearest to %f s is number %i', (time, index) => {
  expect(nearestIndex([0, 1, 2, 3], time)).toBe(index);
});

test('without frames none is nearest', () => {
  expect(nearestIndex([], 1)).toBeNull();
});

test('every reason of the protocol is told in words of its own', () => {
  const scored = sessionEventSchema.options.find((option) => option.shape.type.value === 'frame.scored');
  const reasons =
    scored !== undefined && 'reason' in scored.shape && 'options' in scored.shape.reason
      ? scored.shape.reason.options
      : [];
  const texts = reasons.map((reason) => reasonText({ ...frame(), reason: reason as 'fired' }));
  expect(texts.length).toBeGreaterThan(5);
  expect(new Set(texts).size).toBe(texts.length);
  expect(texts).not.toContain('Silent');
});

function live(duration: number | null): ReturnType<typeof sourceOpened> {
  const { info } = sourceOpened();
  return sourceOpened({ info: { ...info, duration } });
}
