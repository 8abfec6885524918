import {
  corpusMeteor,
  meteor,
  type SentencePair,
} from '../../../../server/scoring/benchmarks/dense-captioning/meteor/meteor-score.js';
import { normaliseWords } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/normalise-words.js';
import { stemTier } from '../../../../server/scoring/benchmarks/dense-captioning/meteor/tier.js';
import {
  goldCaptions,
  predictedCaptions,
  type Caption,
} from '../../../../server/scoring/benchmarks/dense-captioning/captions.js';
import { tokeniseCaption } from '../../../../server/scoring/benchmarks/dense-captioning/tokenizer/tokenise-caption.js';
import type { OnlinePrediction } from '../../../../server/scoring/data/prediction.js';
import type { QaAnnotation } from '../../../../server/scoring/data/qa-annotations.js';
import { naiveCider } from './cider.js';
import { average } from './smooth.js';

/**
 * Dense captioning as the formulas are written, strict: every pair of captions is tokenised and aligned anew,
 * per threshold and for SODA once more. The alignment of one pair is METEOR's own, as everywhere. CIDEr,
 * METEOR, F1, SODA_c, and CIDEr and METEOR of paragraphs, in percent.
 */
export function naiveCaptions(
  predictions: readonly OnlinePrediction[],
  gold: ReadonlyMap<string, QaAnnotation>,
): number[] {
  const videos = predictions.flatMap((prediction) => {
    const annotation = gold.get(String(prediction.questionId));
    if (annotation === undefined) return [];
    const predicted = predictedCaptions(prediction, annotation.questionTime, 'seconds', 'strict');
    return [{ predicted, gold: goldCaptions(annotation.answer) }];
  });
  const scores = videos.map((video) => scoreVideo(video.predicted, video.gold));
  const mean = (column: number) => average(scores.map((score) => score[column] ?? 0)) * 100;
  const paragraphs = videos.map((video) => ({
    hypothesis: letters(video.predicted.map((caption) => caption.text).join('. ')),
    reference: letters(video.gold.map((caption) => caption.text).join(' ')),
  }));
  const whole = [naiveCider(paragraphs), corpusMeteor(paragraphs, stemTier)];
  return [mean(0), mean(1), mean(2), mean(3), ...whole.map((value) => value * 100)];
}

const thresholds = [0.3, 0.5, 0.7, 0.9];
const filler = '\ue000';

function scoreVideo(predicted: readonly Caption[], gold: readonly Caption[]): number[] {
  const perThreshold = thresholds.map((threshold) => {
    const pairs = predicted.flatMap((caption) => {
      const near = gold.filter((other) => iou(caption, other) >= threshold).map((other) => other.text);
      return (near.length === 0 ? [filler] : near).map((text) => ({ predicted: caption.text, gold: text }));
    });
    const meteorPairs = pairs.map((pair) => wordsOf(pair.predicted, pair.gold));
    const tokens = pairs.map((pair) => ({
      hypothesis: tokensOf(pair.predicted),
      reference: tokensOf(pair.gold),
    }));
    return { cider: naiveCider(tokens), meteor: corpusMeteor(meteorPairs, stemTier) };
  });
  return [
    average(perThreshold.map((score) => score.cider)),
    average(perThreshold.map((score) => score.meteor)),
    f1(predicted, gold),
    soda(predicted, gold),
  ];
}

function f1(predicted: readonly Caption[], gold: readonly Caption[]): number {
  const hit = (caption: Caption, others: readonly Caption[], threshold: number) =>
    others.some((other) => iou(caption, other) > threshold);
  const share = (captions: readonly Caption[], others: readonly Caption[]) =>
    average(
      thresholds.map(
        (threshold) =>
          captions.filter((each) => hit(each, others, threshold)).length / Math.max(1, captions.length),
      ),
    );
  const [precision, recall] = [share(predicted, gold), share(gold, predicted)];
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function soda(predicted: readonly Caption[], gold: readonly Caption[]): number {
  const table = [new Array<number>(predicted.length + 1).fill(0)];
  for (const [row, goldCaption] of gold.entries()) {
    const line = [0];
    for (const [column, caption] of predicted.entries()) {
      const score = iou(caption, goldCaption) * meteor(wordsOf(goldCaption.text, caption.text), stemTier);
      const taken = (table[row]?.[column] ?? 0) + score;
      line.push(Math.max(table[row]?.[column + 1] ?? 0, line[column] ?? 0, taken));
    }
    table.push(line);
  }
  const total = table.at(-1)?.at(-1) ?? 0;
  const [precision, recall] = [total / Math.max(1, predicted.length), total / gold.length];
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

function iou(first: Caption, second: Caption): number {
  const [a, b] = [[...first.span].sort((x, y) => x - y), [...second.span].sort((x, y) => x - y)];
  const [s1 = 0, e1 = 0, s2 = 0, e2 = 0] = [...a, ...b];
  const overlap = Math.max(0, Math.min(e1, e2) - Math.max(s1, s2));
  return overlap / (Math.min(Math.max(e1, e2) - Math.min(s1, s2), e1 - s1 + (e2 - s2)) + 1e-8);
}

function wordsOf(hypothesis: string, reference: string): SentencePair {
  const words = (text: string) =>
    text === filler ? [filler] : normaliseWords(tokeniseCaption(text).join(' '));
  return { hypothesis: words(hypothesis), reference: words(reference) };
}

function tokensOf(text: string): string[] {
  return text === filler ? [filler] : tokeniseCaption(text).flatMap((token) => token.split(/\s+/u));
}

function letters(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? [];
}
