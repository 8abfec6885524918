import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { Capacity, type Admission } from '../../../server/duet/capacity/capacity.js';
import { CpuUse } from '../../../server/duet/capacity/cpu-use.js';
import { Counters } from '../../../server/duet/record/counters.js';
import type { DuetError } from '../../../server/errors.js';
import type { DuetModel, ModelLoad } from '../../../server/runtime/model.js';
import { modelByBrightness } from '../../support/duet-session.js';

/**
 * A machine of two cores and two workers on which a frame takes `frameMs`, with a clock in the test's hand.
 */
function machine({ frameMs = 20, targetMs = 1000 }: { frameMs?: number; targetMs?: number } = {}) {
  const clock = { ms: 0 };
  const cpu = { ownMs: 0, childrenMs: 0 };
  const now = () => clock.ms;
  const counters = new Counters();
  const use = new CpuUse(now, () => ({ ...cpu }));
  const capacity = new Capacity({ targetMs, now, counters, cores: 2, cpu: use });
  const load = {
    frameMs,
    encodedPictures: 0,
    workers: [
      { contexts: 0, realtime: 0, fast: 0 },
      { contexts: 0, realtime: 0, fast: 0 },
    ],
  };
  const wanted = (fps: number, worker: number, contexts = () => 1) => {
    return { model: withLoad(load), worker, fps, contexts };
  };
  return { clock, cpu, counters, capacity, load, wanted };
}

const models = new WeakMap<ModelLoad, DuetModel>();

function withLoad(load: ModelLoad): DuetModel {
  const model = models.get(load) ?? Object.assign(modelByBrightness(), { load });
  models.set(load, model);
  return model;
}

function refusal(admit: () => unknown): DuetError {
  try {
    admit();
  } catch (thrown) {
    return thrown as DuetError;
  }
  throw new Error('it was admitted');
}

/** Admits sources on both workers in turn until one is refused. */
function fill(
  { capacity, wanted }: ReturnType<typeof machine>,
  fps: number,
): { admitted: Admission[]; error: DuetError } {
  const admitted: Admission[] = [];
  const error = refusal(() => {
    for (let worker = 0; admitted.length < 1000; worker = 1 - worker) {
      admitted.push(capacity.admit(wanted(fps, worker)));
    }
  });
  return { admitted, error };
}

test('sources are admitted as far as their frames fit, whatever their number', () => {
  const slow = fill(machine({ frameMs: 20 }), 2).admitted.length;
  const quick = fill(machine({ frameMs: 5 }), 2).admitted.length;
  const fewer = fill(machine({ frameMs: 20 }), 1).admitted.length;
  // 1.7 of two cores, of which a source takes 2 * 20 ms * 1.3 and 0.03 for decoding.
  expect(slow).toBe(Math.floor(1.7 / (0.04 * 1.3 + 0.03)));
  expect(quick).toBeGreaterThan(1.5 * slow);
  expect(fewer).toBeGreaterThan(1.3 * slow);
});

test('a refusal says how busy the server is, what would fit, and when to try again', () => {
  const full = machine({ frameMs: 50 });
  const { error, admitted } = fill(full, 4);
  expect(error).toMatchObject({ code: 'busy', retryable: true, retryAfterMs: 10_000 });
  expect(error.message).toBe(
    'This source would make others late: the server watches 5 sources in real time, and needs 1.45 of 2 cores ' +
      'for it; 4 fps at 50 ms a frame with fake do not fit beside them. Ask for at most 3.3 fps, ' +
      'choose a smaller model, or serve with more workers on a machine with more cores.',
  );
  expect(admitted).toHaveLength(5);
  expect([full.counters.get('sourcesAdmitted'), full.counters.get('sourcesRefused')]).toEqual([5, 1]);
  full.capacity.admit(full.wanted(3.3, 1)).leave();
});

test('a source that ends makes room, once', () => {
  const full = machine();
  const { admitted } = fill(full, 2);
  admitted[0]?.leave();
  admitted[0]?.leave();
  full.capacity.admit(full.wanted(2, 0));
  expect(refusal(() => full.capacity.admit(full.wanted(2, 0))).code).toBe('busy');
});

test('frames that wait too long keep further sources away until they are a while ago', () => {
  const { capacity, clock, wanted } = machine({ targetMs: 500 });
  const place = wanted(2, 0);
  capacity.admit(place);
  for (let frame = 0; frame < 20; frame++) capacity.noteDelay(place, { lateMs: 900, waitedMs: 700 });
  const error = refusal(() => capacity.admit(place));
  expect(error.message).toContain('whose frames are up to 900 ms late');
  expect(error.message).toContain('500 ms is the limit. Try again later');
  // The other worker has nobody who is late.
  capacity.admit(wanted(2, 1));
  clock.ms += 11_000;
  capacity.admit(place);
});

test('frames that wait for replies of their own session keep nobody away', () => {
  const { capacity, wanted } = machine({ targetMs: 500 });
  const place = wanted(2, 0);
  capacity.admit(place);
  for (let frame = 0; frame < 20; frame++) capacity.noteDelay(place, { lateMs: 5000, waitedMs: 30 });
  capacity.admit(place);
  expect(capacity.use).toMatchObject({ lateMs: 5000, lateMedianMs: 5000, sources: 2 });
});

test('what decoding and all the rest take is learned, but not while something runs fast', () => {
  const { capacity, clock, cpu, load, wanted } = machine();
  for (let source = 0; source < 4; source++) capacity.admit(wanted(2, source % 2));
  const play = (seconds: number): void => {
    for (let second = 0; second < seconds; second++) {
      clock.ms += 1000;
      // Half a core for the models and everything around them, and an eighth of a core for each decoder.
      cpu.ownMs += 500;
      cpu.childrenMs += 500;
      capacity.sample();
    }
  };
  const [first] = load.workers;
  if (first === undefined) throw new Error('no worker');
  first.realtime = 0.25;
  first.fast = 0.5;
  play(20);
  expect(capacity.use.expectedCores).toBeCloseTo(4 * (0.04 * 1.3 + 0.03));
  first.fast = 0;
  // A moment changes little, and what goes on is learned.
  play(1);
  expect(capacity.use.expectedCores).toBeLessThan(4 * (0.04 * 1.5 + 0.05));
  play(300);
  expect(capacity.use.expectedCores).toBeCloseTo(4 * (0.04 * 2 + 0.125), 1);
  expect(capacity.use).toMatchObject({ cores: 2 });
  expect(capacity.use.ownCores).toBeCloseTo(0.5, 1);
  expect(capacity.use.decoderCores).toBeCloseTo(0.5, 1);
});

test('a server is saturated when no worker of its models takes another source', () => {
  const full = machine();
  expect(full.capacity.isSaturated).toBe(false);
  const { admitted } = fill(full, 2);
  expect(full.capacity.isSaturated).toBe(true);
  admitted[0]?.leave();
  expect(full.capacity.isSaturated).toBe(false);
});

test('a model that computes elsewhere is not limited by the load of this machine', () => {
  const { capacity } = machine();
  const model = modelByBrightness();
  for (let source = 0; source < 100; source++)
    capacity.admit({ model, worker: null, fps: 30, contexts: () => 1 });
  expect(capacity.use.sources).toBe(100);
});

test.runIf(process.platform === 'linux')(
  'the processor time of programs that were started is seen',
  async () => {
    const clock = { ms: 0 };
    const cpu = new CpuUse(() => clock.ms);
    const busy = spawn(process.execPath, ['-e', 'const end = Date.now() + 1500; while (Date.now() < end);']);
    await new Promise((resolve) => setTimeout(resolve, 700));
    clock.ms += 1000;
    cpu.sample();
    const whileAlive = cpu.children;
    expect(whileAlive).toBeGreaterThan(0.02);
    await once(busy, 'exit');
    clock.ms += 1000;
    cpu.sample();
    expect(cpu.children).toBeGreaterThan(whileAlive);
    expect(cpu.own).toBeGreaterThan(0);
  },
);

test('a session counts with all its contexts, and with those it gets while it plays', () => {
  const apart = machine({ frameMs: 20 });
  const one = fill(machine({ frameMs: 20 }), 2).admitted.length;
  const [questions] = [{ count: 4 }];
  for (let worker = 0; worker < 2; worker++) {
    apart.capacity.admit(apart.wanted(2, worker, () => questions.count));
  }
  const beside = fill(apart, 2).admitted.length;
  // Each of the two takes as much as four sources, but decodes one.
  expect(beside).toBe(Math.floor((1.7 - 2 * (4 * 0.04 * 1.3 + 0.03)) / (0.04 * 1.3 + 0.03)));
  expect(beside).toBeLessThan(one - 4);
  expect(apart.capacity.use.expectedCores).toBeGreaterThan(1.7 - 0.082);
  questions.count = 1;
  expect(fill(apart, 2).admitted.length).toBeGreaterThanOrEqual(3);
});

test('a question that would make others late is refused, and fits once there is room', () => {
  const { capacity, wanted, counters } = machine({ frameMs: 50 });
  const first = capacity.admit(wanted(4, 0));
  const second = capacity.admit(wanted(4, 0));
  second.requireRoomFor(2);
  const error = refusal(() => {
    second.requireRoomFor(4);
  });
  expect(error).toMatchObject({ code: 'busy', retryable: true });
  expect(error.message).toBe(
    'This question would make others late: the server watches 2 sources in real time, and needs 0.58 of 2 cores ' +
      'for it; 4 fps at 50 ms a frame for each of 4 contexts with fake do not fit beside them. Remove another ' +
      'question first, try again later, choose a smaller model, or serve with more workers on a machine with ' +
      'more cores.',
  );
  expect(counters.get('questionsRefused')).toBe(1);
  first.leave();
  second.requireRoomFor(4);
});

test('frames wait as long as the longest of their worker', () => {
  const { capacity, wanted } = machine({ frameMs: 80, targetMs: 1000 });
  capacity.admit(wanted(0.5, 0, () => 5));
  // A frame of 400 ms in five contexts leaves those of others little time to wait.
  expect(capacity.judge(wanted(5, 0))).toMatchObject({ admitted: false, because: 'worker' });
  expect(capacity.judge(wanted(5, 1))).toEqual({ admitted: true });
});
