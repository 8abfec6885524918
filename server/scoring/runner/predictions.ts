import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TurnSettings } from '../../duet/policy/take-turn.js';
import type { PredictionSource } from '../data/match-predictions.js';
import { parsePrediction } from '../data/read-predictions.js';
import type { Played } from '../data/played.js';
import type { FinishedRun } from './play-run.js';
import { predictionLine, type PredictionFormat } from './prediction-line.js';
import type { Question } from '../data/question.js';
import { repliesUnder } from './replies-under.js';

/**
 * Played questions in the order of the annotations, as they were played or as other settings of turn taking
 * would have it.
 */
export async function* playedQuestions(
  { questions, journal }: FinishedRun,
  turns: TurnSettings | null,
): AsyncGenerator<{ readonly question: Question; readonly played: Played }> {
  for (const question of questions) {
    const played = await journal.get(question.questionId);
    if (played === null) continue;
    const replies = turns === null ? played.replies : repliesUnder(turns, played);
    yield { question, played: { ...played, replies } };
  }
}

/** The same as a scorer takes them: what stands in the prediction file, and when each reply was delivered. */
export function predictionSource(
  run: FinishedRun,
  turns: TurnSettings | null,
  file: string,
): PredictionSource {
  return { file, predictions: parsed(run, turns, file) };
}

async function* parsed(
  run: FinishedRun,
  turns: TurnSettings | null,
  file: string,
): PredictionSource['predictions'] {
  let line = 0;
  for await (const { question, played } of playedQuestions(run, turns)) {
    line += 1;
    const text = predictionLine(question, played, { delivery: true });
    yield parsePrediction({ file, firstLine: line, text }, true);
  }
}

/** Writes the prediction file, whole or not at all. */
export async function writePredictions(
  run: FinishedRun,
  turns: TurnSettings | null,
  file: string,
  format: PredictionFormat = 'current',
): Promise<void> {
  await writeLines(lines(run, turns, format), file);
}

/** Writes lines, whole or not at all. */
export async function writeLines(lines: AsyncIterable<string>, file: string): Promise<void> {
  const unfinished = `${file}.unfinished`;
  await pipeline(Readable.from(lines), createWriteStream(unfinished));
  await rename(unfinished, file);
}

async function* lines(
  run: FinishedRun,
  turns: TurnSettings | null,
  format: PredictionFormat,
): AsyncGenerator<string> {
  for await (const { question, played } of playedQuestions(run, turns)) {
    yield `${predictionLine(question, played, { delivery: false, format })}\n`;
  }
}
