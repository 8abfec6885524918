import { expect, test } from 'vitest';
import { callScope, type CallScope } from '../../../../server/runtime/call-scope.js';
import type { Urgency } from '../../../../server/runtime/onnx/graphs/run-queue.js';
import { RunQueue } from '../../../../server/runtime/onnx/graphs/run-queue.js';

/** Makes `count` calls one after the other, as a context does, and notes each. */
async function callRepeatedly(
  queue: RunQueue,
  name: string,
  count: number,
  notes: string[],
  urgency?: Urgency,
): Promise<void> {
  for (let call = 0; call < count; call++) {
    await queue.run(() => {
      notes.push(name);
      return Promise.resolve();
    }, urgency);
  }
}

test('calls run one at a time in the order they came', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  const call = (name: string) =>
    queue.run(async () => {
      notes.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      notes.push(`${name} ends`);
      return name;
    });
  expect(await Promise.all([call('a'), call('b')])).toEqual(['a', 'b']);
  expect(notes).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('three callers take turns: none makes two calls while another waits', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  await Promise.all(['a', 'b', 'c'].map((name) => callRepeatedly(queue, name, 20, notes)));
  expect(notes.join('')).toBe('abc'.repeat(20));
});

test('a late caller waits for one call of the others, not for all of them', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  const long = callRepeatedly(queue, 'a', 100, notes);
  await queue.run(() => Promise.resolve());
  const before = notes.length;
  await callRepeatedly(queue, 'late', 1, notes);
  expect(notes.indexOf('late') - before).toBeLessThanOrEqual(2);
  await long;
});

test('a caller in a hurry makes all its calls between two slices of a patient one', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  const hurried: Promise<void>[] = [];
  for (let slice = 0; slice < 6; slice++) {
    await queue.run(() => {
      notes.push('slice');
      // It comes while a slice runs, as a frame does.
      if (slice === 2) hurried.push(callRepeatedly(queue, 'frame', 3, notes));
      return Promise.resolve();
    }, 'patient');
  }
  await Promise.all(hurried);
  expect(notes.join(' ')).toBe('slice slice slice frame frame frame slice slice slice');
});

test('callers in a hurry without end do not keep a patient one waiting for ever', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  const hurried = Promise.all(['a', 'b', 'c'].map((name) => callRepeatedly(queue, name, 60, notes)));
  await callRepeatedly(queue, 'slice', 5, notes, 'patient');
  const before = notes.filter((note) => note !== 'slice').length;
  expect(before).toBeLessThanOrEqual(5 * 4 + 3);
  await hurried;
});

test('a call that fails fails its caller only', async () => {
  const queue = new RunQueue();
  const failing = queue.run(() => Promise.reject(new Error('broken')));
  const next = queue.run(() => Promise.resolve('fine'));
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('fine');
});

test('closing waits for the call that runs and refuses those that wait', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  let began: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (began = resolve));
  const first = queue.run(async () => {
    began();
    await new Promise((resolve) => setImmediate(resolve));
    notes.push('first is over');
  });
  const second = queue.run(() => Promise.resolve());
  const refused = expect(second).rejects.toMatchObject({ code: 'model_failed' });
  await running;
  await queue.close();
  expect(notes).toEqual(['first is over']);
  await Promise.all([first, refused]);
});

/** Makes calls within a call on a context. */
function within(scope: Partial<CallScope>, work: () => Promise<void>): Promise<void> {
  const cost = { busyMs: 0, encoded: 0 };
  return callScope.run({ context: 0, order: 0, kind: 'frames', pace: 'realtime', cost, ...scope }, work);
}

test('frames in real time go before tokens of replies, texts and all that runs fast', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  const call = (name: string, urgency?: Urgency) => callRepeatedly(queue, name, 1, notes, urgency);
  await Promise.all([
    within({ pace: 'fast' }, () => call('fast')),
    within({}, () => call('text', 'patient')),
    within({ kind: 'reply' }, () => call('token')),
    within({}, () => call('frame')),
  ]);
  expect(notes).toEqual(['frame', 'token', 'text', 'fast']);
});

test('the frame that came first is done before the next one begins', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  const frames = [3, 1, 2].map((order) => {
    return within({ order }, () => callRepeatedly(queue, `frame ${order}`, 3, notes));
  });
  await Promise.all(frames);
  expect(notes).toEqual([1, 2, 3].flatMap((order) => Array.from({ length: 3 }, () => `frame ${order}`)));
});

test('a frame that comes while others speak or run fast waits for one call', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  const others = [
    within({ context: 1, kind: 'reply' }, () => callRepeatedly(queue, 'token', 50, notes)),
    within({ context: 2, pace: 'fast' }, () => callRepeatedly(queue, 'fast', 50, notes)),
  ];
  await within({ context: 3 }, () => callRepeatedly(queue, 'first', 1, notes));
  const before = notes.length;
  await within({ context: 3, order: 9 }, () => callRepeatedly(queue, 'late', 3, notes));
  expect(notes.lastIndexOf('late') - before).toBeLessThanOrEqual(3 + 1);
  await Promise.all(others);
});

test('however many frames come, replies and what runs fast get on', async () => {
  const queue = new RunQueue();
  const notes: string[] = [];
  const frames = Array.from({ length: 4 }, (_, context) => {
    return within({ context }, () => callRepeatedly(queue, 'frame', 100, notes));
  });
  await Promise.all([
    ...frames,
    within({ kind: 'reply' }, () => callRepeatedly(queue, 'token', 10, notes)),
    within({ pace: 'fast' }, () => callRepeatedly(queue, 'fast', 5, notes)),
  ]);
  expect(notes.lastIndexOf('token')).toBeLessThan(10 * 5 + 10);
  expect(notes.lastIndexOf('fast')).toBeLessThan(5 * 33 + 20);
  expect(notes.indexOf('fast')).toBeGreaterThan(30);
});

test('a call on a context is told how long its model calls took', async () => {
  const clock = { ms: 0 };
  const queue = new RunQueue(() => clock.ms);
  const cost = { busyMs: 0, encoded: 0 };
  await within({ cost }, async () => {
    for (const ms of [20, 5]) {
      await queue.run(() => {
        clock.ms += ms;
        return Promise.resolve();
      });
    }
  });
  expect(cost.busyMs).toBe(25);
});

test('a model call runs within the call on a context that it belongs to', async () => {
  const queue = new RunQueue();
  const orders = [1, 2, 3];
  const seen: unknown[] = [];
  const look = () => Promise.resolve(seen.push(callScope.getStore()?.order));
  await Promise.all(orders.map((order) => within({ order }, () => queue.run(look).then(() => undefined))));
  expect(seen).toEqual(orders);
  await queue.run(look);
  expect(seen.at(-1)).toBeUndefined();
});

test('a worker is shared for as long as another context works in real time', async () => {
  const clock = { ms: 0 };
  const queue = new RunQueue(() => clock.ms);
  const isShared = (scope: Partial<CallScope>): boolean => {
    let shared = false;
    void within(scope, () => Promise.resolve((shared = queue.isShared)).then(() => undefined));
    return shared;
  };
  const work = (scope: Partial<CallScope>) => within(scope, () => queue.run(() => Promise.resolve()));
  await work({ context: 1 });
  expect([isShared({ context: 1 }), isShared({ context: 2, pace: 'fast' })]).toEqual([false, true]);
  await work({ context: 2, pace: 'fast' });
  expect(isShared({ context: 1 })).toBe(false);
  await work({ context: 3 });
  expect(isShared({ context: 1 })).toBe(true);
  clock.ms += 6000;
  expect(isShared({ context: 1 })).toBe(false);
});
