import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { questionIdSchema, type QuestionId } from './question-id.js';
import { readRecords } from './json/read-records.js';
import { spanSchema, type Span } from './span.js';
import { indexById, tagsOf, type Tags } from './annotations.js';

/** One question to be played: a video, and what the user says while it runs. */
export interface Question {
  readonly questionId: QuestionId;
  /** Path relative to the folder of the videos. */
  readonly video: string;
  readonly conversation: readonly UserTurn[];
  /** What should be said or found, to draw next to the replies; scoring reads the annotations itself. */
  readonly gold: readonly { readonly span: Span; readonly content: string }[];
  readonly tags: Tags;
}

/** Something the user says at a time in the video, in seconds. */
export interface UserTurn {
  readonly time: number;
  readonly content: string;
}

const turn = z.object({
  role: z.string().optional(),
  content: z.string(),
  time: z.number().nonnegative().default(0),
});
const goldTurn = z.looseObject({
  content: z.string(),
  time: spanSchema.optional(),
  related_timespan: spanSchema.optional(),
});

const itemSchema = z
  .looseObject({
    question_id: questionIdSchema.optional(),
    qid: questionIdSchema.optional(),
    video: z.string().min(1).optional(),
    vid: z.string().min(1).optional(),
    conversation: z.array(turn).optional(),
    question: z.string().optional(),
    query: z.string().optional(),
    answer: z.unknown().optional(),
    timestamps: z.array(spanSchema).optional(),
    relevant_windows: z.array(spanSchema).optional(),
  })
  .refine((item) => item.question_id !== undefined || item.qid !== undefined, {
    path: ['question_id'],
    message: 'is missing, and there is no "qid" either',
  })
  .refine((item) => item.video !== undefined || item.vid !== undefined, {
    path: ['video'],
    message: 'is missing, and there is no "vid" either; the runner needs the name of the video',
  });

type Item = z.output<typeof itemSchema>;

/** An item in words, for error messages. */
const shape = '{question_id, video, conversation: [{role, content, time}]} with its answer';

/**
 * The questions of any benchmark's annotation file, in file order. QVHighlights' own lines name a video
 * without its extension; `.mp4` is added. Throws naming file, line and field of an invalid question or a
 * repeated id.
 */
export async function readQuestions(file: string): Promise<readonly Question[]> {
  const records = await readRecords(file, { schema: itemSchema, shape });
  const questions = indexById(records, 'strict', 'question_id', idOf, toQuestion);
  if (questions.size === 0) throw new DuetError('invalid_request', `${file}: holds no questions`);
  return [...questions.values()];
}

function idOf(item: Item): QuestionId {
  return item.question_id ?? item.qid ?? '';
}

function toQuestion(item: Item): Question {
  const asked = item.question ?? item.query;
  const conversation = item.conversation ?? (asked === undefined ? [] : [{ content: asked, time: 0 }]);
  return {
    questionId: idOf(item),
    video: item.video ?? `${item.vid ?? ''}.mp4`,
    conversation: conversation
      .filter((said) => said.role !== 'assistant')
      .map(({ content, time }) => ({ content, time }))
      .sort((one, other) => one.time - other.time),
    gold: goldOf(item),
    tags: tagsOf(item, ['question_id', 'qid', 'video', 'vid', 'question', 'query']),
  };
}

function goldOf(item: Item): Question['gold'] {
  const spoken = z.array(goldTurn).safeParse(item.answer);
  if (spoken.success) {
    return spoken.data.flatMap(({ content, time, related_timespan: related }) => {
      const span = related ?? time;
      return span === undefined ? [] : [{ span, content }];
    });
  }
  const spans = item.timestamps ?? item.relevant_windows ?? [];
  return spans.map((span) => ({ span, content: '' }));
}
