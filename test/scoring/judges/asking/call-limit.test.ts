import { expect, test } from 'vitest';
import { limitCalls } from '../../../../server/scoring/judges/asking/call-limit.js';

/** Work that ends when it is told to, and says when it began. */
function heldWork(begun: string[], name: string) {
  let succeed = (): void => undefined;
  let fail: (reason: Error) => void = () => undefined;
  const end = new Promise<string>((resolve, reject) => {
    succeed = () => {
      resolve(name);
    };
    fail = reject;
  });
  const work = (): Promise<string> => {
    begun.push(name);
    return end;
  };
  return { work, succeed, fail };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('runs so much at once, and what waits in the order in which it came', async () => {
  const limit = limitCalls(2);
  const begun: string[] = [];
  const held = (name: string) => heldWork(begun, name);
  const [a, b, c, d] = [held('a'), held('b'), held('c'), held('d')];
  const results = Promise.all([a, b, c, d].map((each) => limit(each.work)));
  await settled();
  expect(begun).toEqual(['a', 'b']);
  b.succeed();
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const each of [a, c, d]) each.succeed();
  expect(await results).toEqual(['a', 'b', 'c', 'd']);
});

test('fails what waits, lets work under way go on, and starts later work afresh', async () => {
  const limit = limitCalls(2);
  const begun: string[] = [];
  const failing = heldWork(begun, 'failing');
  const running = heldWork(begun, 'running');
  const waiting = [heldWork(begun, 'first'), heldWork(begun, 'second')];
  const outcomes = Promise.allSettled([failing, running, ...waiting].map(({ work }) => limit(work)));
  await settled();
  const refused = new Error('refused');
  failing.fail(refused);
  await settled();
  const later = heldWork(begun, 'later');
  const fresh = limit(later.work);
  later.succeed();
  expect(await fresh).toBe('later');
  running.succeed();
  expect(await outcomes).toEqual([
    { status: 'rejected', reason: refused },
    { status: 'fulfilled', value: 'running' },
    { status: 'rejected', reason: refused },
    { status: 'rejected', reason: refused },
  ]);
  expect(begun).toEqual(['failing', 'running', 'later']);
});
