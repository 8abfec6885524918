import { z } from 'zod';
import { questionIdSchema, type QuestionId } from '../../data/question-id.js';
import { readRecords } from '../../data/json/read-records.js';
import { spanSchema, type Span } from '../../data/span.js';
import { indexById, tagsOf, type Tags } from '../../data/annotations.js';
import type { Mode } from '../../mode.js';

/** A question asked once, with everything that should be said to it while the video runs. */
export interface ProactiveAnnotation {
  readonly questionId: QuestionId;
  readonly question: string;
  readonly answer: readonly ProactiveTurn[];
  readonly tags: Tags;
}

/** What should be said, when it can be seen, and until when it may still be said. */
export interface ProactiveTurn {
  readonly content: string;
  /** Seconds: while the event can be seen. */
  readonly related: Span;
  /** Seconds: from the start of the event until the latest reply that counts. */
  readonly reply: Span;
}

const turnSchema = z
  .object({
    content: z.string(),
    related_timespan: spanSchema.optional(),
    reply_timespan: spanSchema.optional(),
    time: spanSchema.optional(),
  })
  .refine((turn) => turn.related_timespan !== undefined || turn.time !== undefined, {
    path: ['related_timespan'],
    message: 'is missing, and there is no "time" either; expected two numbers [start, end]',
  });

const itemSchema = z.looseObject({
  question_id: questionIdSchema,
  conversation: z.array(z.object({ content: z.string() })).optional(),
  question: z.string().optional(),
  answer: z.array(turnSchema),
});

type Item = z.output<typeof itemSchema>;

/** An item, for whoever has to write one. */
const shape = '{question_id, question, answer: [{content, related_timespan, reply_timespan}]}';

/** Reads annotations of proactive answering; plain spans (`time`) leave no room for late replies. */
export async function readProactiveAnnotations(
  file: string,
  mode: Mode,
): Promise<Map<string, ProactiveAnnotation>> {
  const records = await readRecords(file, { schema: itemSchema, shape, labels: ['answer'] });
  return indexById(records, mode, 'question_id', (item) => item.question_id, toAnnotation);
}

function toAnnotation(item: Item): ProactiveAnnotation {
  return {
    questionId: item.question_id,
    question: item.conversation?.[0]?.content ?? item.question ?? '',
    answer: item.answer.map(toTurn),
    tags: tagsOf(item, ['question_id', 'video', 'question', 'conversation', 'answer']),
  };
}

function toTurn(turn: Item['answer'][number]): ProactiveTurn {
  const related = turn.related_timespan ?? turn.time ?? [0, 0];
  return { content: turn.content, related, reply: turn.reply_timespan ?? related };
}
