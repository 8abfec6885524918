import { z } from 'zod';
import { fileFault } from '../../data/json/file-fault.js';
import { questionKey, questionIdSchema, type QuestionId } from '../../data/question-id.js';
import type { Question } from '../../data/question.js';
import { readRecords } from '../../data/json/read-records.js';
import type { Gold } from '../../data/annotations.js';
import type { Mode } from '../../mode.js';
import { choicePrompt, letterOf } from '../multiple-choice.js';

/** What is asked in mid-stream. */
export type StreamingQuestion = StreamingChoice | StreamingOutput;

interface AskedInStream {
  readonly questionId: QuestionId;
  readonly video: string;
  readonly task: string;
  readonly prompt: string;
  /** Seconds. */
  readonly askedAt: number;
}

/** A multiple-choice question. */
interface StreamingChoice extends AskedInStream {
  readonly type: 'choice';
  readonly options: readonly string[];
  /** Letter of the right option. */
  readonly gold: string;
}

/** Something to be said of one's own accord once it is due. */
interface StreamingOutput extends AskedInStream {
  readonly type: 'output';
  /** Seconds. */
  readonly dueTime: number;
  /** Text the output must contain, case and all. */
  readonly requiredText: string;
}

const stamp = z.string().regex(/^(\d+:){0,2}\d+$/, 'expected a time such as 00:01:20');
const asked = {
  question_id: questionIdSchema.optional(),
  task_type: z.string(),
  question: z.string(),
  time_stamp: stamp,
};
const questionSchema = z.union([
  z.looseObject({
    ...asked,
    options: z.array(z.string()).min(2).max(26),
    answer: z.string().regex(/^[A-Z]$/, 'expected the letter of an option'),
  }),
  z.looseObject({ ...asked, ground_truth_time_stamp: stamp, ground_truth_output: z.string().min(1) }),
]);
const itemSchema = z.looseObject({ video_path: z.string().min(1), questions: z.array(questionSchema) });

const shape =
  '{video_path, questions: [{task_type, question, time_stamp, options, answer}]}, or with ' +
  '{ground_truth_time_stamp, ground_truth_output}';

/**
 * Reads annotations of StreamingBench as they are published: videos, each with its questions. A question
 * without a `question_id` is named `<position of the video>.<position of the question>`, both from 0.
 */
export async function readStreamingAnnotations(file: string, mode: Mode): Promise<Gold<StreamingQuestion>> {
  const { items, lineOf } = await readRecords(file, { schema: itemSchema, shape });
  const gold = new Map<string, StreamingQuestion>();
  for (const [position, { video_path: video, questions }] of items.entries()) {
    for (const [index, question] of questions.entries()) {
      const questionId = question.question_id ?? `${position}.${index}`;
      const key = questionKey(questionId, mode);
      if (gold.has(key)) {
        const place = { file, line: lineOf(position), field: `questions[${index}].question_id` };
        throw fileFault(place, `${key} is annotated twice`);
      }
      gold.set(key, toQuestion(question, questionId, video));
    }
  }
  return gold;
}

/** The questions of the same file as they are asked of a session. */
export async function readStreamingQuestions(file: string): Promise<readonly Question[]> {
  const annotations = await readStreamingAnnotations(file, 'strict');
  return [...annotations.values()].map((question) => ({
    questionId: question.questionId,
    video: question.video,
    conversation: [{ time: question.askedAt, content: question.prompt }],
    gold: [goldOf(question)],
    tags: { task: question.task },
  }));
}

/** How long an answer is awaited, where it is drawn or spoken at set times. */
const answerSeconds = 2;

function goldOf(question: StreamingQuestion): Question['gold'][number] {
  if (question.type === 'choice') {
    return { span: [question.askedAt, question.askedAt + answerSeconds], content: question.gold };
  }
  const { dueTime, requiredText } = question;
  return { span: [dueTime, dueTime + answerSeconds], content: requiredText };
}

function toQuestion(
  item: z.output<typeof questionSchema>,
  questionId: QuestionId,
  video: string,
): StreamingQuestion {
  const { task_type: task, question, time_stamp: time } = item;
  const shared = { questionId, video, task, askedAt: secondsOf(time) };
  const choice = z.object({ options: z.array(z.string()), answer: z.string() }).safeParse(item);
  if (choice.success) {
    const { answer: gold } = choice.data;
    const options = choice.data.options.map(withoutLetter);
    return { ...shared, type: 'choice', options, gold, prompt: choicePrompt(question, options) };
  }
  const output = outputSchema.parse(item);
  return {
    ...{ ...shared, type: 'output', prompt: question },
    dueTime: secondsOf(output.ground_truth_time_stamp),
    requiredText: output.ground_truth_output,
  };
}

const outputSchema = z.object({ ground_truth_time_stamp: z.string(), ground_truth_output: z.string() });

/** Some of the published options begin with their letter, others do not. */
function withoutLetter(option: string, position: number): string {
  const letter = `${letterOf(position)}.`;
  return option.startsWith(letter) ? option.slice(letter.length).trim() : option;
}

function secondsOf(text: string): number {
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}
