import { z } from 'zod';
import { questionIdSchema, type QuestionId } from '../../data/question-id.js';
import { readRecords } from '../../data/json/read-records.js';
import { spanSchema, type Span } from '../../data/span.js';
import { indexById, tagsOf, type Tags } from '../../data/annotations.js';
import type { Mode } from '../../mode.js';
import { highlightSpans } from './highlight-spans.js';

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

/** An item, for whoever has to write one. */
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
