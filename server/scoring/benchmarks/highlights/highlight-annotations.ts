import { z } from 'zod';
import { questionIdSchema, type QuestionId } from '../../data/question-id.js';
import { readRecords } from '../../data/json/read-records.js';
import { indexById, tagsOf, type Tags } from '../../data/annotations.js';
import { spanSchema, type Span } from '../../data/span.js';
import type { Mode } from '../../mode.js';
import { clipSeconds } from './clip-scores.js';

/** Number of people who rated every clip. */
export const annotatorCount = 3;

/** A query with the ratings of the clips that are relevant to it. */
export interface HighlightAnnotation {
  readonly questionId: QuestionId;
  /** Number of whole two-second clips of the video. */
  readonly clipCount: number;
  /** Ratings 0..4 of the relevant clips, three each, by clip. */
  readonly ratings: ReadonlyMap<number, readonly number[]>;
  /** The moments that are relevant, in seconds; null where nobody said. */
  readonly windows: readonly Span[] | null;
  readonly tags: Tags;
}

const itemSchema = z
  .looseObject({
    qid: questionIdSchema,
    duration: z.number().positive().max(1e6, 'expected seconds, and no more than a million of them'),
    relevant_clip_ids: z.array(z.int().nonnegative()),
    saliency_scores: z.array(z.tuple([z.number(), z.number(), z.number()])),
    relevant_windows: z.array(spanSchema).optional(),
  })
  .check((context) => {
    const { relevant_clip_ids: clips, saliency_scores: ratings, duration } = context.value;
    if (clips.length !== ratings.length) {
      const message = `has ${ratings.length} entries for ${clips.length} relevant clips`;
      context.issues.push({ code: 'custom', message, path: ['saliency_scores'], input: ratings });
    }
    const beyond = clips.findIndex((clip) => clip >= Math.trunc(duration / clipSeconds));
    if (beyond !== -1) {
      const message = `clip ${clips[beyond]} lies beyond the video of ${duration} s`;
      context.issues.push({ code: 'custom', message, path: ['relevant_clip_ids', beyond], input: clips });
    }
  });

type Item = z.output<typeof itemSchema>;

/** An item, for whoever has to write one. */
const shape = '{qid, duration, relevant_clip_ids, saliency_scores}';

/** Reads highlight annotations, keyed by question. */
export async function readHighlightAnnotations(
  file: string,
  mode: Mode,
): Promise<Map<string, HighlightAnnotation>> {
  const records = await readRecords(file, {
    schema: itemSchema,
    shape,
    labels: ['relevant_clip_ids', 'saliency_scores'],
  });
  return indexById(records, mode, 'qid', (item) => item.qid, toAnnotation);
}

function toAnnotation(item: Item): HighlightAnnotation {
  const known = ['qid', 'query', 'vid', 'relevant_windows', 'relevant_clip_ids', 'saliency_scores'];
  return {
    questionId: item.qid,
    clipCount: Math.trunc(item.duration / clipSeconds),
    ratings: new Map(item.relevant_clip_ids.map((clip, index) => [clip, item.saliency_scores[index] ?? []])),
    windows: item.relevant_windows ?? null,
    tags: tagsOf(item, known),
  };
}
