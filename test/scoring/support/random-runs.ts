import type { PredictedFrame, OnlinePrediction, Turn } from '../../../server/scoring/data/prediction.js';
import type { QaAnnotation } from '../../../server/scoring/data/qa-annotations.js';
import type { Span } from '../../../server/scoring/data/span.js';
import type { Random } from '../../../server/scoring/statistics/random.js';

const words = 'cut the onions add a pinch of salt stir until golden serve with bread'.split(' ');

/** A whole number from 0 to below `end`. */
export function integer(random: Random, end: number): number {
  return Math.floor(random() * end);
}

/** A few words. */
export function sentence(random: Random): string {
  return Array.from(
    { length: 1 + integer(random, 6) },
    () => words[integer(random, words.length)] ?? '',
  ).join(' ');
}

/** A span within a minute; now and then empty or reversed. */
export function randomSpan(random: Random): Span {
  const start = integer(random, 60);
  return [start, start + integer(random, 20) - 2];
}

/** Annotations `q0`, `q1` ...; some have no gold turns. */
export function randomGold(random: Random, count: number): Map<string, QaAnnotation> {
  const annotations = Array.from({ length: count }, (_, index): [string, QaAnnotation] => {
    const answer = Array.from({ length: integer(random, 5) }, () => ({
      content: sentence(random),
      span: randomSpan(random),
    }));
    return [`q${index}`, { questionId: `q${index}`, question: 'q', questionTime: 0, answer, tags: {} }];
  });
  return new Map(annotations);
}

/** Predictions of the questions `q0`, `q1` ..., with user turns among the replies and frame scores. */
export function randomPredictions(random: Random, count: number): OnlinePrediction[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'online',
    questionId: `q${index}`,
    line: index + 1,
    turns: Array.from({ length: integer(random, 8) }, () => randomTurn(random)).sort(
      (a, b) => a.time - b.time,
    ),
    videoDuration: 60,
    frames: randomFrames(random),
  }));
}

function randomTurn(random: Random): Turn {
  const time = random() < 0.1 ? -1 : integer(random, 600) / 10;
  const role = random() < 0.2 ? 'user' : 'assistant';
  return { role, content: sentence(random), time, deliveryTime: null };
}

function randomFrames(random: Random): PredictedFrame[] {
  const constant = random() < 0.2;
  return Array.from({ length: 1 + integer(random, 40) }, (_, index) => ({
    time: index / 2,
    informative: random(),
    relevance: constant ? 0.37 : random(),
  }));
}
