import { DuetError } from '../../errors.js';
import type { Benchmark } from '../benchmark.js';
import type { JudgedBenchmark } from '../judges/judged-benchmark.js';
import { requireAnswers } from '../score.js';

/** A benchmark for judging into files and batches. Throws 'unsupported' for one that needs no judge. */
export function judgedBenchmark({ name, judging, open }: Benchmark): JudgedBenchmark {
  if (judging === null) throw new DuetError('unsupported', `${name}: its figures need no judge`);
  return {
    task: judging.task,
    rubric: judging.rubric,
    async openGold(annotations, { mode, unknown, concat }) {
      const rules = concat ? { concat } : {};
      const scorer = await open({ annotations, mode, unknown, rules, development: null });
      requireAnswers(annotations, scorer.gold);
      if (scorer.type === 'plain') throw new DuetError('internal', `${name} was opened without a judge`);
      return async ({ source, judge, concurrency, onJudged }) => {
        const { counts } = await scorer.score(() => source, {
          judge,
          concurrency,
          onRated: ({ fields, requests }) => {
            if (fields !== null) onJudged({ line: fields, requests });
          },
        });
        const count = (of: string): number => counts[of] ?? 0;
        return {
          nPredictions: count('nPredictions'),
          nUnknown: count('nUnknown'),
          nJudgeCalls: count('nJudgeCalls'),
          nUnparsableReplies: count('nUnparsableReplies'),
        };
      };
    },
  };
}
