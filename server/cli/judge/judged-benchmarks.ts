import { readQaAnnotations } from '../../scoring/data/qa-annotations.js';
import type { JudgedBenchmark } from '../../scoring/judges/judged-benchmark.js';
import { judgedFields } from '../../scoring/benchmarks/magqa/judged-line.js';
import { defaultMagqaOptions } from '../../scoring/benchmarks/magqa/options.js';
import { requestsOfExample } from '../../scoring/benchmarks/magqa/requests-of-example.js';
import { scoreMagqa } from '../../scoring/benchmarks/magqa/score-magqa.js';
import { judgedQuestionFields } from '../../scoring/benchmarks/proactive/judged-question-line.js';
import { readProactiveAnnotations } from '../../scoring/benchmarks/proactive/pauc-annotations.js';
import { requestsOfQuestion } from '../../scoring/benchmarks/proactive/requests-of-question.js';
import { scorePauc } from '../../scoring/benchmarks/proactive/score-pauc.js';
import { readLabelled } from '../score-gold.js';

/**
 * Judging of MAGQA. `compat` leaves silent predictions out of the file, as published; `strict` keeps them.
 */
export const judgedMagqa: JudgedBenchmark = {
  task: 'magqa',
  rubric: 'agreement',
  async openGold(file, { mode, unknown, concat }) {
    const gold = await readLabelled(file, (path) => readQaAnnotations(path, mode));
    return async ({ source, judge, concurrency, onJudged }) => {
      const options = { ...defaultMagqaOptions, mode, unknown, concat, concurrency };
      const { counts } = await scoreMagqa({
        source,
        gold,
        judge,
        options,
        onJudged: (example) => {
          if (mode === 'compat' && example.score.turns === 0) return;
          onJudged({
            line: (by) => judgedFields(example, by),
            requests: () => requestsOfExample(example, mode),
          });
        },
      });
      return counts;
    };
  },
};

/** Judging of proactive answers. */
export const judgedProactive: JudgedBenchmark = {
  task: 'pauc',
  rubric: 'coverage',
  async openGold(file, { mode, unknown }) {
    const gold = await readLabelled(file, (path) => readProactiveAnnotations(path, mode));
    return async ({ source, judge, concurrency, onJudged }) => {
      const options = { mode, unknown, missing: 'skip', omega: 0.5, concurrency } as const;
      const { counts } = await scorePauc(source, gold, judge, options, (question) => {
        onJudged({
          line: (by) => judgedQuestionFields(question, by),
          requests: () => requestsOfQuestion(question, mode),
        });
      });
      return counts;
    };
  },
};
