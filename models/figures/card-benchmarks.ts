import { z } from 'zod';
import type { Benchmark } from '../../server/scoring/benchmark.js';
import { denseCaptioning } from '../../server/scoring/benchmarks/dense-captioning/dense-captioning.js';
import { grounding } from '../../server/scoring/benchmarks/grounding/grounding.js';
import { highlights } from '../../server/scoring/benchmarks/highlights/highlights.js';
import { benchmarks } from '../../server/scoring/benchmarks/index.js';
import { magqa } from '../../server/scoring/benchmarks/magqa/magqa.js';
import { proactive } from '../../server/scoring/benchmarks/proactive/proactive.js';
import type { Report } from '../../server/scoring/report/report.js';
import type { AnsweringFigures, CaptionFigures, GroundingFigures, HighlightFigures } from './figures.js';
import type { ProactiveFigures, Range, VariantFigures } from './figures.js';
import type { QuestionFacts } from './facts/question-facts.js';
import { share } from './facts/share.js';
import type { BenchmarkResult } from '../../server/scoring/runner/run-benchmark.js';

const figure = z.number().nullable();
const answeringValues = z.object({
  ...{ in_span: figure, duplicate_ratio: figure, out_of_span_ratio: figure, first_reply_latency: figure },
});
const proactiveValues = z.object({ pauc: figure, mean_over_videos: figure, omega: z.number() });
const captionValues = z.object({
  metrics: z.object({ SODA_c: figure, CIDER: figure, F1_Score: figure, METEOR: figure }),
  meteor_tier: z.string(),
});
const groundingValues = z.object({
  chosen: z.object({ smooth_window_size: z.number(), threshold: z.number(), origin: z.string() }),
});
const highlightOptions = z.object({ window: z.number() });

/** What a model's card shows of one benchmark; benchmarks not listed here are not on the card. */
export interface CardBenchmark {
  readonly benchmark: Benchmark;
  /** Its name in `figures.json`. */
  readonly key: string;
  readonly figuresOf: (outcome: BenchmarkOutcome) => VariantFigures;
}

/** A benchmark played under one variant. */
export interface BenchmarkOutcome extends Pick<BenchmarkResult, 'report' | 'points' | 'nQuestions'> {
  readonly facts: readonly QuestionFacts[];
}

/** The card's benchmarks in the order of the commands, which is the order used for counts and hash. */
export function inOrderOfCommands(): readonly CardBenchmark[] {
  return benchmarks.flatMap((each) => cardBenchmarks.filter(({ benchmark }) => benchmark === each));
}

/** Answering questions, which the card also slices and draws a curve for. */
export const answering: CardBenchmark = {
  benchmark: magqa,
  key: 'magqa',
  figuresOf: (outcome) => ({ answering: answeringFigures(outcome) }),
};

/** Proactive answering, on the same curve. */
export const proactiveAnswering: CardBenchmark = {
  benchmark: proactive,
  key: 'proactive',
  figuresOf: ({ report }) => ({ proactive: proactiveFigures(report) }),
};

/** All benchmarks of the card, in its order. */
export const cardBenchmarks: readonly CardBenchmark[] = [
  answering,
  proactiveAnswering,
  {
    benchmark: denseCaptioning,
    key: 'youcook2',
    figuresOf: ({ report }) => ({ captions: captionFigures(report) }),
  },
  {
    benchmark: grounding,
    key: 'charades',
    figuresOf: ({ report }) => ({ grounding: groundingFigures(report) }),
  },
  {
    benchmark: highlights,
    key: 'qvhighlights',
    figuresOf: ({ report }) => ({ highlights: highlightFigures(report) }),
  },
];

function answeringFigures({ report, facts }: BenchmarkOutcome): AnsweringFigures {
  const values = answeringValues.parse(report.values);
  const answered = facts.filter(({ gold }) => gold.length > 0);
  const unanswerable = facts.filter(({ gold }) => gold.length === 0);
  const gold = answered.flatMap((facts) => facts.gold);
  const perGold = (count: number) => (gold.length === 0 ? null : count / gold.length);
  const turns = total(answered.map(({ replies }) => replies));
  const toldAgain = total(answered.map((facts) => facts.toldAgain));
  return {
    in_span: values.in_span,
    in_span_range: rangeOf(report),
    questions: answered.length,
    gold_answers: gold.length,
    turns_per_gold: perGold(turns),
    distinct_turns_per_gold: perGold(total(answered.map(({ distinct }) => distinct))),
    duplicate_ratio: values.duplicate_ratio,
    gold_duplicate_ratio: perGold(total(answered.map(({ goldDuplicates }) => goldDuplicates))),
    told_again_ratio: turns === 0 ? null : toldAgain / turns,
    out_of_span_ratio: values.out_of_span_ratio,
    recall: share(gold, (rating) => rating !== null),
    first_reply_latency: values.first_reply_latency,
    unanswerable: unanswerable.length,
    kept_silent: share(unanswerable, ({ replies }) => replies === 0),
  };
}

function proactiveFigures(report: Report): ProactiveFigures {
  const { pauc, mean_over_videos: byQuestion, omega } = proactiveValues.parse(report.values);
  return { pauc, pauc_by_question: byQuestion, pauc_by_question_range: rangeOf(report), omega };
}

function captionFigures(report: Report): CaptionFigures {
  const { metrics, meteor_tier: tier } = captionValues.parse(report.values);
  const { SODA_c: soda, CIDER: cider, F1_Score: f1, METEOR: meteor } = metrics;
  return { soda_c: soda, cider, f1, meteor, meteor_tier: tier };
}

function groundingFigures(report: Report): GroundingFigures {
  const { smooth_window_size: window, threshold, origin } = groundingValues.parse(report.values).chosen;
  return {
    mean_iou: headline(report, 'mean_iou'),
    'recall@0.5': headline(report, 'recall@0.5'),
    'recall@0.7': headline(report, 'recall@0.7'),
    chosen: { window, threshold, origin },
  };
}

function highlightFigures(report: Report): HighlightFigures {
  return {
    map: headline(report, 'HL-min-VeryGood-mAP'),
    hit_at_1: headline(report, 'HL-min-VeryGood-Hit1'),
    window: highlightOptions.parse(report.options).window,
  };
}

/** A headline figure of a report, or null. */
export function headline({ headline: figures }: Pick<Report, 'headline'>, name: string): number | null {
  return figures.find((figure) => figure.name === name)?.value ?? null;
}

function rangeOf({ interval }: Report): Range | null {
  return interval === null ? null : { low: interval.low, high: interval.high };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
