import { stemTier } from '../../../server/scoring/benchmarks/dense-captioning/meteor/tier.js';
import { scoreCaptions } from '../../../server/scoring/benchmarks/dense-captioning/score-captions.js';
import { readGroundingAnnotations } from '../../../server/scoring/benchmarks/grounding/grounding-annotations.js';
import { scoreGrounding } from '../../../server/scoring/benchmarks/grounding/score-grounding.js';
import { readHighlightAnnotations } from '../../../server/scoring/benchmarks/highlights/highlight-annotations.js';
import { scoreHighlight } from '../../../server/scoring/benchmarks/highlights/score-highlight.js';
import { scoreMagqa } from '../../../server/scoring/benchmarks/magqa/magqa-scorer.js';
import { defaultMagqaOptions } from '../../../server/scoring/benchmarks/magqa/rules.js';
import type { PredictionSource } from '../../../server/scoring/data/match-predictions.js';
import type { OnlinePrediction } from '../../../server/scoring/data/prediction.js';
import { readQaAnnotations } from '../../../server/scoring/data/qa-annotations.js';
import { lexicalJudge } from '../../../server/scoring/judges/kinds/lexical.js';
import { naiveCaptions } from './naive/captions.js';
import { naiveGrounding } from './naive/grounding.js';
import { naiveHighlight } from './naive/highlight.js';
import { naiveMagqa } from './naive/magqa.js';
import { captionsRun, groundingRun, highlightRun, magqaRun, type MakeRun } from './synthetic-runs.js';

/** A task with its annotations read, scored in two ways that must give the same figures. */
export interface OpenTask {
  readonly score: (source: PredictionSource) => Promise<ScoredRun>;
  readonly naive: (predictions: readonly OnlinePrediction[]) => number[];
}

/** What scoring gave: the whole result, which stays in memory, and the figures to compare. */
export interface ScoredRun {
  readonly result: unknown;
  readonly figures: readonly number[];
}

/** A task to measure. */
export interface ScoringTask {
  readonly name: string;
  /** Examples of a real benchmark, or thereabouts. */
  readonly count: number;
  readonly unit: string;
  readonly frames: boolean;
  readonly makeRun: MakeRun;
  readonly open: (gold: string) => Promise<OpenTask>;
}

const shared = { mode: 'strict', unknown: 'fail', missing: 'zero' } as const;

const magqa: ScoringTask = {
  name: 'magqa',
  count: 2000,
  unit: 'questions',
  frames: false,
  makeRun: magqaRun,
  open: async (file) => {
    const gold = await readQaAnnotations(file, 'strict');
    return {
      naive: (predictions) => [naiveMagqa(predictions, gold)],
      score: async (source) => {
        const result = await scoreMagqa({ source, gold, judge: lexicalJudge, options: defaultMagqaOptions });
        return { result, figures: [result.inSpan ?? NaN] };
      },
    };
  },
};

const grounding: ScoringTask = {
  name: 'grounding',
  count: 5000,
  unit: 'tracks of 200 to 400 frames',
  frames: true,
  makeRun: groundingRun,
  open: async (file) => {
    const gold = await readGroundingAnnotations(file, 'strict');
    const options = { ...shared, protocol: 'offline', longestRun: false, choice: null } as const;
    return {
      naive: (predictions) => naiveGrounding(predictions, gold).flat(),
      score: async (source) => {
        const result = await scoreGrounding(source, gold, options);
        return { result, figures: result.rows.flatMap(({ scores }) => [...scores]) };
      },
    };
  },
};

const highlight: ScoringTask = {
  name: 'highlight',
  count: 1500,
  unit: 'tracks of 200 to 400 frames',
  frames: true,
  makeRun: highlightRun,
  open: async (file) => {
    const gold = await readHighlightAnnotations(file, 'strict');
    return {
      naive: (predictions) => naiveHighlight(predictions, gold).flat(),
      score: async (source) => {
        const result = await scoreHighlight(source, gold, { ...shared, protocol: 'offline', window: 4 });
        const levels = result.windows.flatMap((window) => window.levels);
        return { result, figures: levels.flatMap((level) => [level.meanAveragePrecision, level.hitAt1]) };
      },
    };
  },
};

const captions: ScoringTask = {
  name: 'densecap',
  count: 450,
  unit: 'videos',
  frames: false,
  makeRun: captionsRun,
  open: async (file) => {
    const gold = await readQaAnnotations(file, 'strict');
    return {
      naive: (predictions) => naiveCaptions(predictions, gold),
      score: async (source) => {
        const result = await scoreCaptions(source, gold, { ...shared, format: 'seconds', tier: stemTier });
        const names = ['CIDER', 'METEOR', 'F1_Score', 'SODA_c', 'Para_CIDER', 'Para_METEOR'];
        return { result, figures: names.map((name) => result.metrics[name] ?? NaN) };
      },
    };
  },
};

/** The tasks that are measured. */
export const scoringTasks: readonly ScoringTask[] = [magqa, grounding, highlight, captions];
