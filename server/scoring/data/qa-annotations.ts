import { z } from 'zod';
import type { Mode } from '../mode.js';
import { questionIdSchema, type QuestionId } from './question-id.js';
import { readRecords } from './json/read-records.js';
import { spanSchema, type Span } from './span.js';
import { indexById, tagsOf, type Tags } from './annotations.js';

/** One annotated question of MAGQA, or instruction of YouCook2 dense captioning. */
export interface QaAnnotation {
  readonly questionId: QuestionId;
  /** The user's first turn; the only one a judge is shown. */
  readonly question: string;
  /** Seconds at which the question is asked. */
  readonly questionTime: number;
  readonly answer: readonly GoldTurn[];
  readonly tags: Tags;
}

/** What should have been said, and when. */
export interface GoldTurn {
  readonly content: string;
  /** Seconds. */
  readonly span: Span;
}

const itemSchema = z.looseObject({
  question_id: questionIdSchema,
  video: z.string().optional(),
  conversation: z
    .array(z.object({ role: z.string().optional(), content: z.string(), time: z.number().optional() }))
    .min(1, 'expected at least the question of the user'),
  answer: z.array(z.object({ content: z.string(), time: spanSchema })),
});

type Item = z.output<typeof itemSchema>;

/** An item in words, for error messages. */
const shape = '{question_id, conversation: [{role, content, time}], answer: [{content, time: [start, end]}]}';

/** Reads annotated questions, keyed by {@link questionKey}, in the order of the file. */
export async function readQaAnnotations(file: string, mode: Mode): Promise<Map<string, QaAnnotation>> {
  const records = await readRecords(file, { schema: itemSchema, shape, labels: ['answer'] });
  return indexById(records, mode, 'question_id', (item) => item.question_id, toAnnotation);
}

function toAnnotation(item: Item): QaAnnotation {
  const [question] = item.conversation;
  return {
    questionId: item.question_id,
    question: question?.content ?? '',
    questionTime: question?.time ?? 0,
    answer: item.answer.map((turn) => ({ content: turn.content, span: turn.time })),
    tags: tagsOf(item, ['question_id', 'video', 'conversation', 'answer']),
  };
}
