import { z } from 'zod';
import { tagsOf, type Tags } from '../../data/annotations.js';
import { idText, questionIdSchema, questionKey, type QuestionId } from '../../data/question-id.js';
import type { Question } from '../../data/question.js';
import { readRecords } from '../../data/json/read-records.js';
import { indexById, type Gold } from '../../data/annotations.js';
import type { Mode } from '../../mode.js';
import { choicePrompt, letterOf } from '../multiple-choice.js';

/** The tasks of multiple choice, by group. */
const backwardTasks = ['EPM', 'ASI', 'HLD'] as const;
const realtimeTasks = ['OCR', 'ACR', 'ATR', 'STU', 'FPD', 'OJR'] as const;

/** What is asked at one moment of a video. */
export type OvoPoint = ChoicePoint | ForwardTestPoint;

interface AskedPoint {
  readonly questionId: QuestionId;
  readonly video: string;
  /** Seconds. */
  readonly askedAt: number;
  readonly prompt: string;
  /** The right answer in words, for a reader. */
  readonly answer: string;
  readonly tags: Tags;
}

/** A multiple-choice question about what was or is. */
interface ChoicePoint extends AskedPoint {
  readonly group: 'backward' | 'realtime';
  readonly task: string;
  readonly options: readonly string[];
  /** Letter of the right option. */
  readonly gold: string;
}

/** One of the moments at which the same thing is asked again and again. */
interface ForwardTestPoint extends AskedPoint {
  readonly group: 'forward';
  readonly task: 'REC' | 'SSR' | 'CRR';
  /** REC: the count so far; SSR and CRR: 1 for yes, 0 for no. */
  readonly gold: number;
}

const shared = { id: questionIdSchema, video: z.string().min(1) };
const seconds = z.number().nonnegative();
const choiceItem = z
  .looseObject({
    ...shared,
    task: z.enum([...backwardTasks, ...realtimeTasks]),
    realtime: seconds,
    question: z.string(),
    options: z.array(z.string()).min(2).max(26),
    gt: z.int().nonnegative(),
  })
  .refine(({ gt, options }) => gt < options.length, { path: ['gt'], message: 'is no option' });
const yesNo = z.int().min(0).max(1);
const forwardItem = z.discriminatedUnion('task', [
  z.looseObject({
    ...{ ...shared, task: z.literal('REC'), activity: z.string() },
    test_info: z.array(z.object({ realtime: seconds, count: z.int().nonnegative() })),
  }),
  z.looseObject({
    ...{ ...shared, task: z.literal('SSR') },
    test_info: z.array(z.object({ realtime: seconds, step: z.string(), type: yesNo })),
  }),
  z.looseObject({
    ...{ ...shared, task: z.literal('CRR'), question: z.string() },
    test_info: z.array(z.object({ realtime: seconds, type: yesNo })),
  }),
]);
const itemSchema = z.discriminatedUnion('task', [choiceItem, forwardItem]);
type Item = z.output<typeof itemSchema>;
type ForwardItem = z.output<typeof forwardItem>;

const shape =
  '{id, task, video, realtime, question, options, gt}, or {id, task, video, test_info: [{realtime, ...}]}';

/**
 * Reads annotations of OVO-Bench as they are published. A forward question becomes one point for every entry
 * of its `test_info`, named `<id>.<position>`. Throws naming file, line and field for whatever does not fit.
 */
export async function readOvoPoints(file: string, mode: Mode): Promise<Gold<OvoPoint>> {
  const records = await readRecords(file, { schema: itemSchema, shape });
  const points = indexById(records, mode, 'id', ({ id }) => id, pointsOf);
  return new Map([...points.values()].flat().map((point) => [questionKey(point.questionId, mode), point]));
}

/** The questions of the same file as they are asked of a session. */
export async function readOvoQuestions(file: string): Promise<readonly Question[]> {
  const points = await readOvoPoints(file, 'strict');
  return [...points.values()].map(({ questionId, video, prompt, askedAt, answer, tags }) => ({
    ...{ questionId, video, tags },
    conversation: [{ time: askedAt, content: prompt }],
    gold: [{ span: [askedAt, askedAt + answerSeconds], content: answer }],
  }));
}

/** How long an answer is awaited, where it is drawn or spoken at set times. */
const answerSeconds = 2;

function pointsOf(item: Item): readonly OvoPoint[] {
  if (item.task !== 'REC' && item.task !== 'SSR' && item.task !== 'CRR') return [choicePoint(item)];
  return forwardQuestions(item).map(({ askedAt, prompt, gold }, position) => ({
    ...{ group: 'forward', task: item.task, video: item.video, askedAt, prompt, gold },
    questionId: `${idText(item.id)}.${position}`,
    answer: item.task === 'REC' ? String(gold) : gold === 1 ? 'Yes' : 'No',
    tags: { group: 'forward', ...tagsOf(item, known) },
  }));
}

function choicePoint(item: z.output<typeof choiceItem>): ChoicePoint {
  const { id, task, video, realtime, question, options, gt } = item;
  const group = z.enum(backwardTasks).safeParse(task).success ? 'backward' : 'realtime';
  const prompt = choicePrompt(question, options);
  return {
    ...{ questionId: id, group, task, video, askedAt: realtime, prompt, options, gold: letterOf(gt) },
    answer: options[gt] ?? '',
    tags: { group, ...tagsOf(item, known) },
  };
}

/** What is said at each of the moments, in our own words. */
function forwardQuestions(
  item: ForwardItem,
): readonly { readonly askedAt: number; readonly prompt: string; readonly gold: number }[] {
  switch (item.task) {
    case 'REC':
      return item.test_info.map(({ realtime, count }) => {
        const prompt = `How often did they ${item.activity} so far? Answer with a number.`;
        return { askedAt: realtime, prompt, gold: count };
      });
    case 'SSR':
      return item.test_info.map(({ realtime, step, type }) => {
        const prompt = `Is this happening now: ${step} Answer with Yes or No.`;
        return { askedAt: realtime, prompt, gold: type };
      });
    case 'CRR':
      return item.test_info.map(({ realtime, type }) => {
        const prompt = `Has enough been seen to answer this: ${item.question} Answer with Yes or No.`;
        return { askedAt: realtime, prompt, gold: type };
      });
    default:
      return item satisfies never;
  }
}

const known = [
  ...['id', 'video', 'realtime', 'question', 'options', 'gt', 'test_info', 'activity'],
  ...['ask_time', 'clue_time', 'answer'],
];
