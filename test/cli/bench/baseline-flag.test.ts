import { expect, test } from 'vitest';
import { parseBaseline } from '../../../server/cli/bench/flag-values.js';
import { checkPlan, type BenchmarkPlan } from '../../../server/scoring/runner/plan.js';
import { baselineName } from '../../../server/scoring/runner/play/baselines.js';
import { benchmarks, findBenchmark } from '../../../server/scoring/benchmarks/index.js';

test.each(['every-frame', 'uniform', 'uniform:2.5', 'majority', 'oracle-times'])(
  '--baseline %s is read, and called by the same name again',
  (text) => {
    expect(baselineName(parseBaseline(text))).toBe(text);
  },
);

test.each(['', 'uniform:', 'uniform:0', 'uniform:-1', 'uniform:x', 'majority:5', 'Majority'])(
  '--baseline %j is refused',
  (text) => {
    expect(() => parseBaseline(text)).toThrow(/expected/);
  },
);

function refuse(task: string, changes: Partial<BenchmarkPlan>): () => void {
  return () => {
    checkPlan({ benchmark: findBenchmark(task), model: 'duet-nano', ...changes });
  };
}

const speaking = benchmarks.filter(({ session }) => session.speaks).map(({ name }) => name);

const everyFrame = { baseline: { type: 'every-frame' } } as const;
const majority = { baseline: { type: 'majority' } } as const;

test.each([
  [
    'charades',
    everyFrame,
    new RegExp(`grounding scores frames, not replies; it is for ${speaking.join(', ')}$`),
  ],
  ['qvhighlights', majority, /highlights scores frames/],
  ['magqa', { ...everyFrame, thresholds: [0.5] }, /^--sweep has no effect beside --baseline every-frame/],
  ['magqa', { ...everyFrame, session: { threshold: 0 } }, /^--threshold has no effect/],
  [
    'magqa',
    { baseline: { type: 'uniform', interval: 2 }, session: { cooldown: 1 } },
    /beside --baseline uniform:2;/,
  ],
  ['magqa', { ...majority, frames: 'black' }, /^--frames has no effect beside --baseline majority/],
  ['magqa', { ...majority, pacing: 'realtime' }, /^--realtime has no effect beside --baseline majority/],
  ['charades', { frames: 'shuffled', pacing: 'realtime' }, /^--realtime cannot play --frames shuffled/],
  ['magqa', { ...everyFrame, development: { annotations: 'dev.json' } }, /needs --sweep/],
] as const)('duet bench %s with %j is refused', (task, flags, message) => {
  expect(refuse(task, flags)).toThrow(message);
});

test.each([
  ['magqa', { ...everyFrame, frames: 'black', pacing: 'realtime' }],
  ['magqa', { ...majority, development: { annotations: 'dev.json' } }],
  ['charades', { frames: 'shuffled' }],
  ['youcook2', everyFrame],
  ['proactive', majority],
] as const)('duet bench %s with %j is in order', (task, flags) => {
  expect(refuse(task, flags)).not.toThrow();
});
