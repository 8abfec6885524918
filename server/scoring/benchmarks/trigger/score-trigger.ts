import { fileFault } from '../../data/json/file-fault.js';
import { requireFiniteScores } from '../../data/frame-scores.js';
import {
  emptyTally,
  matchPredictions,
  missingKeys,
  type MatchTally,
  type PredictionSource,
} from '../../data/match-predictions.js';
import { assistantTurns, type PredictedFrame, type Prediction } from '../../data/prediction.js';
import type { QaAnnotation } from '../../data/qa-annotations.js';
import { middleOf, spanHolds } from '../../data/span.js';
import type { Gold } from '../../data/annotations.js';
import type { Mode } from '../../mode.js';
import { finiteOrNull, mean } from '../../statistics/mean.js';
import type { ScoredExample } from '../../statistics/slices.js';
import { areasOf, type Areas, type LabelledScores } from './areas.js';
import { countDecisions, type DecisionCounts } from './decisions.js';
import type { TriggerRules } from './rules.js';
import { scoreTiming, type TimingSample, type TimingScore } from './timing-f1.js';

/** How it is scored when a model speaks. */
export interface TriggerOptions extends Pick<TriggerRules, 'score' | 'decisionThreshold' | 'tolerance'> {
  readonly mode: Mode;
  readonly unknown: 'fail' | 'skip';
  /** Whether the timing of a question without a prediction is that of silence, or is left out. */
  readonly missing: 'zero' | 'skip';
}

/** Everything that was counted on the way. */
interface TriggerCounts {
  readonly nGold: number;
  readonly nPredictions: number;
  readonly nMissing: number;
  readonly nUnknown: number;
  readonly nDuplicate: number;
  /** Frames from the question on. */
  readonly nScoredFrames: number;
  /** Those among them at which there is something to say. */
  readonly nPositiveFrames: number;
  /** Frames without a score that was asked for, which counts as 0. */
  readonly nUnscoredFrames: number;
  /** Questions with frames of both kinds. */
  readonly nQuestionsWithBoth: number;
  readonly nReplies: number;
}

/** When a model speaks, set against when there is something to say. */
export interface TriggerResult {
  /** Over all frames of all questions together. */
  readonly pooled: Areas;
  /** Means over the questions with frames of both kinds. */
  readonly perQuestion: Areas;
  readonly decisions: DecisionCounts;
  /** Of the questions with a gold moment or a reply; null for none. */
  readonly timing: TimingScore | null;
  /** ROC-AUC of every question with frames of both kinds. */
  readonly examples: readonly ScoredExample[];
  readonly counts: TriggerCounts;
}

/** What is known of one question: frames from its asking on, and moments in seconds. */
interface ObservedQuestion extends LabelledScores {
  readonly nUnscored: number;
  readonly moments: readonly number[];
  readonly replies: readonly number[];
}

/** Scores when a model speaks. Of a question predicted twice the last prediction counts (`compat` only). */
export async function scoreTrigger(
  source: PredictionSource,
  gold: Gold<QaAnnotation>,
  options: TriggerOptions,
): Promise<TriggerResult> {
  const tally = emptyTally();
  const observed = new Map<string, ObservedQuestion>();
  for await (const { key, prediction, annotation } of matchPredictions(source, gold, options, tally)) {
    observed.set(key, observe(source.file, prediction, annotation, options));
  }
  const missing = missingKeys(gold, tally);
  for (const key of options.missing === 'zero' ? missing : []) {
    observed.set(key, silentQuestion(gold.get(key)));
  }
  return summarise(observed, gold, { tally, nMissing: missing.length }, options);
}

function observe(
  file: string,
  prediction: Prediction,
  annotation: QaAnnotation,
  { score }: TriggerOptions,
): ObservedQuestion {
  const { line } = prediction;
  if (prediction.type === 'offline') {
    const place = { file, line, field: 'model_response' };
    throw fileFault(place, 'a text says nothing of when to speak; model_response_list is needed');
  }
  const heads = headsOf(score);
  requireFiniteScores(prediction.frames, heads, { file, line });
  // Nothing can be said to a question before it is asked.
  const frames = prediction.frames.filter(({ time }) => time >= annotation.questionTime);
  const spans = annotation.answer.map(({ span }) => span);
  const scoreOf = (frame: PredictedFrame) => heads.reduce((total, head) => total + (frame[head] ?? 0), 0);
  return {
    scores: frames.map(scoreOf),
    labels: frames.map(({ time }) => spans.some((span) => spanHolds(span, time))),
    nUnscored: frames.filter((frame) => heads.some((head) => frame[head] === null)).length,
    moments: spans.map(middleOf),
    replies: assistantTurns(prediction.turns)
      .map(({ time }) => time)
      .filter((time) => time >= annotation.questionTime),
  };
}

function headsOf(score: TriggerOptions['score']): readonly ('informative' | 'relevance')[] {
  return score === 'sum' ? ['informative', 'relevance'] : [score];
}

function silentQuestion(annotation: QaAnnotation | undefined): ObservedQuestion {
  const moments = annotation?.answer.map(({ span }) => middleOf(span)) ?? [];
  return { scores: [], labels: [], nUnscored: 0, moments, replies: [] };
}

function summarise(
  observed: ReadonlyMap<string, ObservedQuestion>,
  gold: Gold<QaAnnotation>,
  { tally, nMissing }: { readonly tally: MatchTally; readonly nMissing: number },
  { decisionThreshold, tolerance }: TriggerOptions,
): TriggerResult {
  const questions = [...observed.values()];
  const pooled = {
    scores: questions.flatMap(({ scores }) => scores),
    labels: questions.flatMap(({ labels }) => labels),
  };
  const areas = [...observed].flatMap(([id, question]) => {
    const { rocAuc, prAuc } = areasOf(question);
    return rocAuc === null || prAuc === null ? [] : [{ id, rocAuc, prAuc }];
  });
  return {
    pooled: areasOf(pooled),
    perQuestion: {
      rocAuc: finiteOrNull(mean(areas.map(({ rocAuc }) => rocAuc))),
      prAuc: finiteOrNull(mean(areas.map(({ prAuc }) => prAuc))),
    },
    decisions: countDecisions(pooled, decisionThreshold),
    timing: timingOf(questions, tolerance),
    examples: areas.map(({ id, rocAuc }) => ({ id, value: rocAuc, tags: gold.get(id)?.tags ?? {} })),
    counts: {
      nGold: gold.size,
      nPredictions: tally.nPredictions,
      nMissing,
      nUnknown: tally.nUnknown,
      nDuplicate: tally.nDuplicate,
      nScoredFrames: pooled.labels.length,
      nPositiveFrames: pooled.labels.filter(Boolean).length,
      nUnscoredFrames: questions.reduce((total, { nUnscored }) => total + nUnscored, 0),
      nQuestionsWithBoth: areas.length,
      nReplies: questions.reduce((total, { replies }) => total + replies.length, 0),
    },
  };
}

/** A question to which nothing can be said, and nothing was, says nothing of timing. */
function timingOf(questions: readonly ObservedQuestion[], tolerance: number): TimingScore | null {
  const samples = questions.flatMap(({ moments, replies }): TimingSample[] =>
    moments.length + replies.length === 0 ? [] : [{ task: 'all', gold: moments, detections: replies }],
  );
  return scoreTiming(samples, tolerance).tasks.get('all') ?? null;
}
