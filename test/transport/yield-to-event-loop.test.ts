import { expect, test } from 'vitest';
import { yieldToEventLoop } from '../../server/transport/yield-to-event-loop.js';

/** Keeps the event loop busy for this many milliseconds. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('work that has just begun continues at once', async () => {
  await new Promise(setImmediate);
  let othersRan = false;
  setImmediate(() => {
    othersRan = true;
  });
  await yieldToEventLoop();
  expect(othersRan).toBe(false);
});

test('work that has taken long lets others run first', async () => {
  await yieldToEventLoop();
  work(10);
  let othersRan = false;
  setImmediate(() => {
    othersRan = true;
  });
  await yieldToEventLoop();
  expect(othersRan).toBe(true);
});

test('the work of two callers counts together, and each gets a turn of its own', async () => {
  const order: string[] = [];
  const caller = async (name: string): Promise<void> => {
    for (let step = 1; step <= 3; step += 1) {
      work(6);
      await yieldToEventLoop();
      order.push(`${name}${step}`);
      setImmediate(() => order.push('others'));
    }
  };
  await Promise.all([caller('a'), caller('b')]);
  const between = order.slice(order.indexOf('a1') + 1, order.indexOf('a2'));
  expect(between).toContain('b1');
  expect(between).toContain('others');
});
