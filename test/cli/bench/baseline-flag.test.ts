import { expect, test } from 'vitest';
import { baselineName, parseBaseline } from '../../../server/cli/bench/baseline-flag.js';
import type { BenchFlags } from '../../../server/cli/bench/prepare.js';
import { refuseVainFlags } from '../../../server/cli/bench/vain-flags.js';
import { findBenchmark } from '../../../server/scoring/benchmarks/index.js';

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

function refuse(task: string, flags: Readonly<Record<string, unknown>>): () => void {
  return () => {
    refuseVainFlags(findBenchmark(task), flags as BenchFlags);
  };
}

const everyFrame = { baseline: { type: 'every-frame' } };
const majority = { baseline: { type: 'majority' } };

test.each([
  [
    'charades',
    everyFrame,
    /grounding scores frames, not replies; it is for magqa, dense-captioning, proactive$/,
  ],
  ['qvhighlights', majority, /highlights scores frames/],
  ['magqa', { ...everyFrame, sweep: [0.5] }, /^--sweep has no effect beside --baseline every-frame/],
  ['magqa', { ...everyFrame, threshold: 0 }, /^--threshold has no effect/],
  ['magqa', { baseline: { type: 'uniform', interval: 2 }, cooldown: 1 }, /beside --baseline uniform:2;/],
  ['magqa', { ...majority, frames: 'black' }, /^--frames has no effect beside --baseline majority/],
  ['magqa', { ...majority, realtime: true }, /^--realtime has no effect beside --baseline majority/],
  ['charades', { frames: 'shuffled', realtime: true }, /^--realtime cannot play --frames shuffled/],
  ['magqa', { ...everyFrame, devAnnotations: 'dev.json' }, /needs --sweep/],
] as const)('duet bench %s with %j is refused', (task, flags, message) => {
  expect(refuse(task, flags)).toThrow(message);
});

test.each([
  ['magqa', { ...everyFrame, frames: 'black', realtime: true }],
  ['magqa', { ...majority, devAnnotations: 'dev.json' }],
  ['charades', { frames: 'shuffled' }],
  ['youcook2', everyFrame],
  ['proactive', majority],
] as const)('duet bench %s with %j is in order', (task, flags) => {
  expect(refuse(task, flags)).not.toThrow();
});
