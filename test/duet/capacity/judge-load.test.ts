import { expect, test } from 'vitest';
import { judgeLoad, mostBusy } from '../../../server/duet/capacity/judge-load.js';

const machine = { sources: 4, cores: 2, busyCores: 0.5, targetMs: 1000 };
const worker = { sources: 2, busy: 0.2, frameMs: 20, waitedMs: 100 };
/** Two frames a second of 20 ms each, and a little for decoding. */
const demand = { frameMs: 20, share: 0.04, frameCores: 0.05, decoderCores: 0.03 };

test('a source that fits on its worker and on the machine is admitted', () => {
  expect(judgeLoad(demand, worker, machine)).toEqual({ admitted: true });
});

test('the first source is admitted however much it takes: it makes nobody late but itself', () => {
  const alone = { sources: 0, busy: 0, frameMs: 0, waitedMs: null };
  const large = { frameMs: 5000, share: 10, frameCores: 10, decoderCores: 0 };
  expect(judgeLoad(large, alone, { ...machine, sources: 0, busyCores: 0 })).toEqual({ admitted: true });
  expect(judgeLoad(large, alone, machine)).toMatchObject({ admitted: false, because: 'machine' });
});

test('none is admitted to a worker whose frames are later than they may be', () => {
  const late = { ...worker, waitedMs: 1001 };
  expect(judgeLoad(demand, late, machine)).toEqual({ admitted: false, because: 'late', waitedMs: 1001 });
  expect(judgeLoad(demand, { ...worker, waitedMs: 1000 }, machine)).toEqual({ admitted: true });
});

test('what does not fit is told as the share of it that would', () => {
  const busy = judgeLoad({ ...demand, share: 0.1 }, { ...worker, busy: 0.8 }, machine);
  expect(busy).toMatchObject({ admitted: false, because: 'worker' });
  expect(busy.admitted ? null : 'fits' in busy && busy.fits).toBeCloseTo(0.5);
  const full = judgeLoad({ ...demand, frameCores: 0.28 }, worker, { ...machine, busyCores: 1.6 });
  expect(full).toMatchObject({ admitted: false, because: 'machine' });
  expect(full.admitted ? null : 'fits' in full && full.fits).toBeCloseTo(0.25);
});

test('a worker may be busier the shorter its frames are beside what they may wait', () => {
  expect(mostBusy(10, 1000)).toBe(0.85);
  expect(mostBusy(100, 1000)).toBeCloseTo(0.71, 1);
  expect(mostBusy(300, 1000)).toBeLessThan(0.45);
  expect(mostBusy(600, 1000)).toBeLessThan(0.02);
  const shares = [20, 50, 100, 200, 400].map((frameMs) => mostBusy(frameMs, 1000));
  expect(shares).toEqual([...shares].sort((a, b) => b - a));
});

test('at the share that it may be busy, a simulated worker keeps 99 of 100 frames within the limit', () => {
  for (const frameMs of [20, 100, 250]) {
    const busy = mostBusy(frameMs, 1000);
    expect(quantileOfWaits(frameMs, busy, 0.99)).toBeLessThan(1000);
  }
});

/**
 * Frames at random times (exponential gaps) on one worker: how long they take from their time to their score.
 */
function quantileOfWaits(frameMs: number, busy: number, share: number): number {
  let seed = 7;
  const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const waits: number[] = [];
  let [now, free] = [0, 0];
  for (let frame = 0; frame < 50_000; frame++) {
    now -= Math.log(random()) * (frameMs / busy);
    free = Math.max(now, free) + frameMs;
    waits.push(free - now);
  }
  return waits.sort((a, b) => a - b)[Math.floor(share * waits.length)] ?? Infinity;
}
