import { z } from 'zod';
import { type QuestionId, questionIdSchema } from '../../data/question-id.js';
import { readRecords } from '../../data/json/read-records.js';
import { type Span, spanSchema } from '../../data/span.js';
import { type Tags, indexById, tagsOf } from '../../data/annotations.js';
import type { Mode } from '../../mode.js';

/** A query and the spans of the video that answer it. */
export interface GroundingAnnotation {
  readonly questionId: QuestionId;
  readonly spans: readonly Span[];
  readonly tags: Tags;
}

const saliency = z.object({
  relevant_clip_ids: z.array(z.int().nonnegative()),
  saliency_scores: z.array(z.array(z.number()).min(1)),
});

const itemSchema = z
  .looseObject({
    question_id: questionIdSchema,
    timestamps: z.array(spanSchema).min(1).optional(),
    answer: saliency.optional(),
  })
  .refine((item) => item.timestamps !== undefined || item.answer !== undefined, {
    path: ['timestamps'],
    message: 'is missing, and there are no highlight clips under "answer" either',
  });

type Item = z.output<typeof itemSchema>;

/** An item in words, for error messages. */
const shape = '{question_id, timestamps: [[start, end]]}';

/** Reads grounding annotations; highlight annotations are converted to spans. */
export async function readGroundingAnnotations(
  file: string,
  mode: Mode,
): Promise<Map<string, GroundingAnnotation>> {
  const records = await readRecords(file, { schema: itemSchema, shape, labels: ['timestamps', 'answer'] });
  return indexById(
    records,
    mode,
    'question_id',
    (item) => item.question_id,
    (item) => convert(item, mode),
  );
}

function convert(item: Item, mode: Mode): GroundingAnnotation {
  const clips = {
    relevantClipIds: item.answer?.relevant_clip_ids ?? [],
    saliencyScores: item.answer?.saliency_scores ?? [],
  };
  return {
    questionId: item.question_id,
    spans: item.timestamps ?? highlightSpans(clips, mode),
    tags: tagsOf(item, ['question_id', 'video', 'conversation', 'timestamps', 'answer']),
  };
}

/** Two-second clips that annotators found relevant, with their three ratings 0..4 each. */
interface SalientClips {
  readonly relevantClipIds: readonly number[];
  readonly saliencyScores: readonly (readonly number[])[];
}

/** The best rating, from which on a clip counts as part of a span. */
const topRating = 4;

/**
 * Spans, in seconds, of the clips some annotator gave the best rating. `strict` closes a span at a gap
 * between clips and keeps where it began; `compat` forgets the beginning of every span but the last.
 */
export function highlightSpans(clips: SalientClips, mode: Mode): Span[] {
  return mode === 'compat' ? compatSpans(clips) : strictSpans(clips);
}

function compatSpans({ relevantClipIds, saliencyScores }: SalientClips): Span[] {
  const spans: Span[] = [];
  let open: number | null = null;
  for (const [index, clip] of relevantClipIds.entries()) {
    if (isTop(saliencyScores[index])) open ??= clip;
    else if (open !== null) {
      spans.push([2 * clip, 2 * clip]);
      open = null;
    }
  }
  const last = relevantClipIds.at(-1);
  if (open !== null && last !== undefined) spans.push([2 * open, 2 * last + 2]);
  return spans;
}

function strictSpans({ relevantClipIds, saliencyScores }: SalientClips): Span[] {
  const top = relevantClipIds.filter((_, index) => isTop(saliencyScores[index]));
  const spans: [number, number][] = [];
  for (const clip of top.sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last?.[1] === 2 * clip) last[1] = 2 * clip + 2;
    else spans.push([2 * clip, 2 * clip + 2]);
  }
  return spans;
}

function isTop(ratings: readonly number[] | undefined): boolean {
  return ratings !== undefined && Math.max(...ratings) >= topRating;
}
