import type { TaskSettings } from '../../server/settings/task-settings.js';
import type { RealResults } from './real/collect-real.js';

/** `figures.json`: the same model and split give the same bytes, but for `measured`. */
export interface Figures {
  readonly format: 1;
  readonly model: {
    readonly name: string;
    readonly version: string;
    readonly precision: string;
    readonly fingerprint: string;
  };
  readonly second: { readonly fingerprint: string; readonly precision: string } | null;
  readonly split: {
    readonly hash: string;
    readonly clips: number;
    /** Questions of each task that were played. */
    readonly questions: Readonly<Record<string, number>>;
    /** Whether only the first questions were played. */
    readonly quick: number | null;
    readonly development: string | null;
  };
  readonly settings: Readonly<Record<string, TaskSettings>>;
  readonly silence: { readonly in_span: number; readonly pauc: number | null };
  readonly variants: Readonly<Record<string, VariantFigures>>;
  readonly threshold_curve: ThresholdCurve | null;
  readonly slices: Readonly<Record<string, readonly SliceFigures[]>>;
  /** What was told of what was asked for, by slicing. */
  readonly telling: Readonly<Record<string, readonly TellingFigures[]>>;
  /** The figures on clips of real pictures; null if they were not played. */
  readonly real: RealResults | null;
  readonly measured: MeasuredFigures;
}

/** A mean with its 95 % bootstrap interval over questions. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Answering questions. Turns are counted over the questions that something answers. Null if there was nothing
 * to average.
 */
export interface AnsweringFigures {
  /** Rating 1..5 of what was said within the gold spans. */
  readonly in_span: number | null;
  readonly in_span_range: Range | null;
  readonly questions: number;
  readonly gold_answers: number;
  readonly turns_per_gold: number | null;
  readonly distinct_turns_per_gold: number | null;
  readonly duplicate_ratio: number | null;
  /**
   * Share of the gold answers in the words of an earlier one of the same question: the duplicate ratio of a
   * perfect assistant.
   */
  readonly gold_duplicate_ratio: number | null;
  /** Share of the turns in words said before, with no gold span of their own. */
  readonly told_again_ratio: number | null;
  readonly out_of_span_ratio: number | null;
  /** Share of the gold spans that got a reply. */
  readonly recall: number | null;
  readonly first_reply_latency: number | null;
  /** Questions without an answer, and the share of them met with silence. */
  readonly unanswerable: number;
  readonly kept_silent: number | null;
}

/** Proactive answering. */
export interface ProactiveFigures {
  /** Mean over gold answers. */
  readonly pauc: number | null;
  /** Mean over questions, to which the range belongs. */
  readonly pauc_by_question: number | null;
  readonly pauc_by_question_range: Range | null;
  readonly omega: number | null;
}

/** Dense captioning, in percent. */
export interface CaptionFigures {
  readonly soda_c: number | null;
  readonly cider: number | null;
  readonly f1: number | null;
  readonly meteor: number | null;
  readonly meteor_tier: string;
}

/** Temporal grounding, in percent, at the chosen window and threshold. */
export interface GroundingFigures {
  readonly mean_iou: number | null;
  readonly 'recall@0.5': number | null;
  readonly 'recall@0.7': number | null;
  readonly chosen: { readonly window: number; readonly threshold: number; readonly origin: string };
}

/** Highlight detection at the level "very good", in percent, at the chosen window. */
export interface HighlightFigures {
  readonly map: number | null;
  readonly hit_at_1: number | null;
  readonly window: number;
}

/** The figures of one variant; tasks it was not played for are absent. */
export interface VariantFigures {
  readonly answering?: AnsweringFigures;
  readonly proactive?: ProactiveFigures;
  readonly captions?: CaptionFigures;
  readonly grounding?: GroundingFigures;
  readonly highlights?: HighlightFigures;
}

/** The figures at one threshold. */
export interface ThresholdFigures {
  readonly threshold: number;
  readonly turns_per_gold: number | null;
  readonly in_span: number | null;
  readonly pauc: number | null;
}

/** Scores against turns as the threshold sweeps. */
export interface ThresholdCurve {
  readonly policy: string;
  /** The recommended threshold, which was not chosen by this curve. */
  readonly recommended: number;
  readonly points: readonly ThresholdFigures[];
}

/** One label's share of the questions or gold answers. */
export interface SliceFigures {
  readonly label: string;
  /** Questions, or gold answers in the slices by event kind. */
  readonly n: number;
  readonly in_span: number | null;
  readonly recall: number | null;
}

/**
 * One label's questions, with those that nothing answers. A reply is right if it lies within a gold span and
 * has the right event with at most a slip in a detail (rated 4 or 5).
 */
export interface TellingFigures {
  readonly label: string;
  readonly questions: number;
  readonly gold_answers: number;
  /** Share of the gold answers that were told right. */
  readonly recall: number | null;
  readonly replies: number;
  /** Share of all replies that are right. */
  readonly precision: number | null;
  /** Replies that are not right, a minute of video from the question on. */
  readonly wrong_a_minute: number | null;
  /** Questions that nothing answers, and the share of them met with silence. */
  readonly unanswerable: number;
  readonly kept_silent: number | null;
}

/** What is measured on a clock, and differs from run to run. */
export interface MeasuredFigures {
  readonly processor: string;
  readonly cores: number;
  readonly frames_per_second: {
    readonly one_by_one: number;
    readonly in_batches: number;
    readonly batch: number;
  };
  readonly in_span_at_delivery: number | null;
  readonly pauc_at_delivery: number | null;
}
