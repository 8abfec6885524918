import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { PredictionSource } from '../../data/match-predictions.js';
import { jsonLine } from '../../data/question-id.js';
import { roundTo } from '../../statistics/round.js';
import { parsePrediction } from '../../data/read-predictions.js';
import { rawReplies, type Answer, type Played } from '../../data/played.js';
import type { FinishedRun } from './run.js';
import type { Question } from '../../data/question.js';
import { repliesUnder, type TellingSettings } from './thresholds.js';

/**
 * The same as predictions for a scorer: the content of the prediction file, and when each reply was
 * delivered. `raw` has the suppressed replies too.
 */
export function predictionSource(
  run: FinishedRun,
  turns: TellingSettings | null,
  file: string,
  which: 'told' | 'raw' = 'told',
): PredictionSource {
  return { file, predictions: parsed(run, turns, file, which) };
}

/**
 * Played questions in the order of the annotations, with their replies as played or under other turn-taking
 * settings.
 */
export async function* playedQuestions(
  { questions, journal }: FinishedRun,
  turns: TellingSettings | null,
): AsyncGenerator<Answer> {
  for (const question of questions) {
    const played = await journal.get(question.questionId);
    if (played === null) continue;
    const answer = { question, played };
    yield turns === null ? answer : { question, played: { ...played, ...repliesUnder(turns, answer) } };
  }
}

async function* parsed(
  run: FinishedRun,
  turns: TellingSettings | null,
  file: string,
  which: 'told' | 'raw',
): PredictionSource['predictions'] {
  let line = 0;
  for await (const { question, played: own } of playedQuestions(run, turns)) {
    line += 1;
    const played = which === 'told' ? own : { ...own, replies: rawReplies(own) };
    const text = predictionLine(question, played, { delivery: true });
    yield parsePrediction({ file, firstLine: line, text }, true);
  }
}

/** Writes the prediction file, completely or not at all. */
export async function writePredictions(
  run: FinishedRun,
  turns: TellingSettings | null,
  file: string,
  format: PredictionFormat = 'current',
): Promise<void> {
  await writeLines(predictionLines(run, turns, format), file);
}

/** Writes a file of lines, completely or not at all. */
export async function writeLines(lines: AsyncIterable<string>, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await pipeline(Readable.from(ended(lines)), createWriteStream(unfinished));
  await rename(unfinished, file);
}

async function* ended(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

async function* predictionLines(
  run: FinishedRun,
  turns: TellingSettings | null,
  format: PredictionFormat,
): AsyncGenerator<string> {
  for await (const { question, played } of playedQuestions(run, turns)) {
    yield predictionLine(question, played, { delivery: false, format });
  }
}

/**
 * How frame scores are written. `current`: `time` and probabilities, as MMDuet's inference writes them.
 * `legacy`: `video_time` and pairs [negative, positive], as its published grounding and highlight scorers
 * read them.
 */
export const predictionFormats = ['current', 'legacy'] as const;

/** One of {@link predictionFormats}. */
export type PredictionFormat = (typeof predictionFormats)[number];

/**
 * A line of a prediction file in MMDuet's format: user turns echoed at their time, frame scores and times
 * with three decimals, reply times in full. With `delivery` the replies also have their delivery time, which
 * differs between runs.
 */
export function predictionLine(
  question: Pick<Question, 'questionId' | 'conversation'>,
  played: Played,
  options: { readonly delivery: boolean; readonly format?: PredictionFormat },
): string {
  const said = question.conversation.map(({ time, content }) => ({ time, content, role: 'user' }));
  const replies = played.replies.map(({ time, content, delivery_time }) => ({
    ...{ time, content, role: 'assistant' },
    ...(options.delivery && { delivery_time }),
  }));
  return jsonLine({
    question_id: question.questionId,
    model_response_list: [...said, ...replies].sort((one, other) => one.time - other.time),
    video_duration: played.video_duration,
    debug_data: played.frames.map(options.format === 'legacy' ? legacyFrame : currentFrame),
  });
}

type Frame = Played['frames'][number];

function currentFrame([time, informative, relevance]: Frame): Readonly<Record<string, unknown>> {
  return {
    time: roundTo(time, 3),
    informative_score: roundTo(informative, 3),
    relevance_score: roundTo(relevance, 3),
  };
}

function legacyFrame([time, informative, relevance]: Frame): Readonly<Record<string, unknown>> {
  const pair = (score: number): readonly number[] => [roundTo(1 - score, 3), roundTo(score, 3)];
  return {
    video_time: roundTo(time, 3),
    informative_score: pair(informative),
    relevance_score: pair(relevance),
  };
}
