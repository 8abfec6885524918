import { expect, test } from 'vitest';
import { ExclusiveCalls } from '../../server/runtime/exclusive-calls.js';

test('a call that overlaps another is refused with the names of both, and the first goes on', async () => {
  const calls = new ExclusiveCalls();
  const held: { end?: () => void } = {};
  const first = calls.run('appendFrames', () => new Promise<void>((resolve) => (held.end = resolve)));
  await expect(calls.run('cutBackTo', () => Promise.resolve())).rejects.toMatchObject({
    code: 'internal',
    message: 'cutBackTo was called while appendFrames is still running on this context',
  });
  held.end?.();
  await first;
  expect(await calls.run('cutBackTo', () => Promise.resolve('done'))).toBe('done');
});

test('a call that fails makes way for the next', async () => {
  const calls = new ExclusiveCalls();
  await expect(calls.run('appendFrames', () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  );
  expect(await calls.run('appendFrames', () => Promise.resolve(1))).toBe(1);
});

test('once closed, no call begins; closing again tells that it was', async () => {
  const calls = new ExclusiveCalls();
  expect([calls.close(), calls.close()]).toEqual([true, false]);
  await expect(calls.run('appendFrames', () => Promise.resolve())).rejects.toMatchObject({
    code: 'model_failed',
    message: 'appendFrames was called on a closed context; open a new one',
  });
});
