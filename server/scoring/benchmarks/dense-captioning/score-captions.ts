import { fileFault } from '../../data/json/file-fault.js';
import {
  emptyTally,
  matchPredictions,
  missingKeys,
  type PredictionSource,
} from '../../data/match-predictions.js';
import type { Prediction } from '../../data/prediction.js';
import type { QaAnnotation } from '../../data/qa-annotations.js';
import type { Gold } from '../../data/annotations.js';
import type { Mode } from '../../mode.js';
import { mean } from '../../statistics/mean.js';
import type { ScoredExample } from '../../statistics/slices.js';
import type { MeteorTier } from './meteor/tier.js';
import {
  hasOtherLetters,
  paragraphCider,
  paragraphMeteor,
  scoreParagraph,
  type ScoredParagraph,
} from './paragraph.js';
import { goldCaptions, predictedCaptions, type CaptionFormat } from './captions.js';
import { scoreVideo, type CaptionMetrics } from './score-video.js';

/** How dense captions are scored. */
export interface CaptionOptions {
  readonly mode: Mode;
  readonly unknown: 'fail' | 'skip';
  /** Whether annotated videos without a prediction count as having no captions, or not at all. */
  readonly missing: 'zero' | 'skip';
  readonly format: CaptionFormat;
  readonly tier: MeteorTier;
}

/** The counts of a dense captioning run. */
interface CaptionCounts {
  readonly nGold: number;
  readonly nPredictions: number;
  readonly nScored: number;
  readonly nMissing: number;
  readonly nUnknown: number;
  readonly nDuplicate: number;
  /** Videos for which no caption was predicted. */
  readonly nNoCaption: number;
  /** Videos without gold captions, which cannot be scored. */
  readonly nNoGold: number;
}

/** Scores of a dense captioning run. */
export interface CaptionResult {
  /** Means over the videos, in percent except `n_preds`; paragraph metrics over all videos as one corpus. */
  readonly metrics: CaptionMetrics;
  readonly videos: ReadonlyMap<string, CaptionMetrics>;
  /** F1 per video. */
  readonly examples: readonly ScoredExample[];
  /** Annotated videos whose captions have letters beyond a to z, which `compat` drops from paragraphs. */
  readonly nOtherLetters: number;
  readonly counts: CaptionCounts;
}

interface ScoredVideo {
  readonly metrics: CaptionMetrics;
  readonly paragraph: ScoredParagraph;
}

/** Scores dense captions, video by video; of a video predicted twice, the last counts (`compat` only). */
export async function scoreCaptions(
  source: PredictionSource,
  gold: Gold<QaAnnotation>,
  options: CaptionOptions,
): Promise<CaptionResult> {
  const tally = emptyTally();
  const videos = new Map<string, ScoredVideo>();
  let nNoGold = 0;
  for await (const { key, prediction, annotation } of matchPredictions(source, gold, options, tally)) {
    if (annotation.answer.length > 0) videos.set(key, scoreOne(prediction, annotation, options));
    else if (options.mode === 'strict') nNoGold += 1;
    else
      throw fileFault(
        { file: source.file, line: prediction.line },
        `${key} has no gold captions; use strict`,
      );
  }
  const missing = missingKeys(gold, tally);
  if (options.missing === 'zero') addMissing(videos, gold, missing, options);
  if (videos.size === 0)
    throw fileFault({ file: source.file, line: 1 }, 'holds no prediction that can be scored');
  return {
    metrics: meanMetrics([...videos.values()], options.tier),
    videos: new Map([...videos].map(([key, video]) => [key, video.metrics])),
    examples: exampleRows(videos, gold),
    nOtherLetters: [...videos.keys()].filter((key) =>
      hasOtherLetters(goldCaptions(gold.get(key)?.answer ?? [])),
    ).length,
    counts: {
      nGold: gold.size,
      nPredictions: tally.nPredictions,
      nScored: videos.size,
      nMissing: missing.length,
      nUnknown: tally.nUnknown,
      nDuplicate: tally.nDuplicate,
      nNoCaption: [...videos.values()].filter(({ metrics }) => metrics['n_preds'] === 0).length,
      nNoGold,
    },
  };
}

function exampleRows(
  videos: ReadonlyMap<string, ScoredVideo>,
  gold: ReadonlyMap<string, QaAnnotation>,
): ScoredExample[] {
  return [...videos].map(([id, { metrics }]) => {
    return { id, value: metrics['F1_Score'] ?? 0, tags: gold.get(id)?.tags ?? {} };
  });
}

function scoreOne(prediction: Prediction, annotation: QaAnnotation, options: CaptionOptions): ScoredVideo {
  const { format, mode, tier } = options;
  const predicted = predictedCaptions(prediction, questionTimeOf(prediction, annotation), format, mode);
  const gold = goldCaptions(annotation.answer);
  return {
    metrics: scoreVideo(predicted, gold, tier, mode),
    paragraph: scoreParagraph(predicted, gold, tier, mode),
  };
}

/** The question is echoed in the prediction at the time it was really asked. */
function questionTimeOf(prediction: Prediction, annotation: QaAnnotation): number {
  const turns = prediction.type === 'online' ? prediction.turns : [];
  return turns.find((turn) => turn.role === 'user')?.time ?? annotation.questionTime;
}

function addMissing(
  videos: Map<string, ScoredVideo>,
  gold: ReadonlyMap<string, QaAnnotation>,
  missing: readonly string[],
  { tier, mode }: CaptionOptions,
): void {
  for (const key of missing) {
    const captions = goldCaptions(gold.get(key)?.answer ?? []);
    if (captions.length === 0) continue;
    videos.set(key, {
      metrics: scoreVideo([], captions, tier, mode),
      paragraph: scoreParagraph([], captions, tier, mode),
    });
  }
}

function meanMetrics(videos: readonly ScoredVideo[], tier: MeteorTier): CaptionMetrics {
  const names = Object.keys(videos[0]?.metrics ?? {});
  const paragraphs = videos.map((video) => video.paragraph);
  const means = names.map((name) => {
    const average = mean(videos.map((video) => video.metrics[name] ?? 0));
    return [name, name === 'n_preds' ? average : average * 100] as const;
  });
  return {
    Para_CIDER: paragraphCider(paragraphs) * 100,
    Para_METEOR: paragraphMeteor(paragraphs, tier) * 100,
    ...Object.fromEntries(means),
  };
}
