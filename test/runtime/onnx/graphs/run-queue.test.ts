import { expect, test } from 'vitest';
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
