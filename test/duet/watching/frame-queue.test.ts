import { expect, test } from 'vitest';
import { FrameQueue } from '../../../server/duet/watching/frame-queue.js';
import { fakeFrames } from '../../support/fake-stream.js';

const frames = fakeFrames([0, 1, 2, 3, 4]);

async function fill(queue: FrameQueue): Promise<number> {
  let pushed = 0;
  for (const frame of frames) {
    if (!(await queue.push(frame))) break;
    pushed += 1;
  }
  queue.end();
  return pushed;
}

test('a full queue that waits holds its writer until a frame is taken', async () => {
  const queue = new FrameQueue({ limit: 2, rule: 'wait' });
  const filling = fill(queue);
  const taken = [];
  for (;;) {
    expect(queue.length).toBeLessThanOrEqual(2);
    const next = await queue.take(1);
    if (next.length === 0) break;
    taken.push(...next);
  }
  expect(await filling).toBe(5);
  expect(taken).toEqual(frames);
  expect(queue.dropped).toBe(0);
});

test('a full queue that drops loses its oldest frames and counts them', async () => {
  const queue = new FrameQueue({ limit: 2, rule: 'drop-oldest' });
  await fill(queue);
  expect((await queue.take(10)).map((frame) => frame.index)).toEqual([3, 4]);
  expect(queue.dropped).toBe(3);
});

test('a writer stops when its queue is abandoned', async () => {
  const queue = new FrameQueue({ limit: 1, rule: 'wait' });
  const filling = fill(queue);
  await queue.take(1);
  queue.abandon();
  expect(await filling).toBeLessThan(5);
  expect(await queue.take(1)).toEqual([]);
});

test('a reader that wants whole batches gets them, up to the last', async () => {
  const queue = new FrameQueue({ limit: 8, rule: 'wait' });
  const filling = fill(queue);
  const sizes = [];
  for (let next = await queue.take(2, 2); next.length > 0; next = await queue.take(2, 2))
    sizes.push(next.length);
  await filling;
  expect(sizes).toEqual([2, 2, 1]);
});

test('a reader never waits for more frames than the queue can hold', async () => {
  const queue = new FrameQueue({ limit: 2, rule: 'wait' });
  void fill(queue);
  expect(await queue.take(4, 4)).toHaveLength(2);
});
