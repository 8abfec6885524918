import { expect, test } from 'vitest';
import { EventLog } from '../../../server/duet/record/event-log.js';
import type { SessionHappening } from '../../../server/duet/record/events.js';

const frame = (frameIndex: number): SessionHappening => ({
  type: 'frame.scored',
  frameIndex,
  informativeScore: 0,
  relevanceScore: 0,
  score: 0,
  runningSum: null,
  pictureChange: null,
  questionId: null,
  questions: [],
  threshold: 0.5,
  fired: false,
  reason: 'score_not_above_threshold',
});

const closed: SessionHappening = { type: 'session.closed', reason: 'test' };

test('numbers events from 1 without gaps and stamps them with both clocks', () => {
  let wall = 100;
  const log = new EventLog({ now: () => wall });
  wall = 130;
  expect(log.append(frame(0), 2.5)).toMatchObject({ seq: 1, videoTime: 2.5, elapsedMs: 30 });
  expect(log.append(frame(1), 3)).toMatchObject({ seq: 2, videoTime: 3 });
});

test('a reader gets existing events, then new ones, and ends with the log', async () => {
  const log = new EventLog({ now: () => 0 });
  log.append(frame(0), 0);
  const read = collect(log);
  await Promise.resolve();
  log.append(closed, 1);
  log.end();
  expect((await read).map((event) => event.seq)).toEqual([1, 2]);
});

test('reading after a sequence number repeats nothing', async () => {
  const log = new EventLog({ now: () => 0 });
  for (let index = 0; index < 5; index += 1) log.append(frame(index), index);
  log.end();
  expect((await collect(log, 3)).map((event) => event.seq)).toEqual([4, 5]);
});

test('an aborted reader stops waiting', async () => {
  const log = new EventLog({ now: () => 0 });
  const controller = new AbortController();
  const read = collect(log, 0, controller.signal);
  controller.abort();
  expect(await read).toEqual([]);
});

test('past its limit the log forgets old frame traces first and stays in order', () => {
  const log = new EventLog({ now: () => 0, limit: 100 });
  log.append(
    {
      type: 'user.text.inserted',
      questionId: 'question_1',
      text: 'hello',
      clientEventId: null,
      requestedTime: null,
    },
    0,
  );
  for (let index = 0; index < 10_000; index += 1) log.append(frame(index), index);
  const held = log.snapshot();
  expect(held.length).toBeLessThanOrEqual(100);
  expect(held[0]?.type).toBe('user.text.inserted');
  expect(held.map((event) => event.seq)).toEqual([...held.map((event) => event.seq)].sort((a, b) => a - b));
});

test('even events that are never thinned cannot grow past the limit', () => {
  const log = new EventLog({ now: () => 0, limit: 100 });
  for (let index = 0; index < 1000; index += 1) log.append(closed, index);
  expect(log.snapshot().length).toBeLessThanOrEqual(100);
  expect(log.snapshot().at(-1)?.seq).toBe(1000);
});

async function collect(log: EventLog, after = 0, signal?: AbortSignal): Promise<{ seq: number }[]> {
  const events = [];
  for await (const event of log.read({ after, ...(signal ? { signal } : {}) })) events.push(event);
  return events;
}
