import type { Mode } from '../../mode.js';
import { letterWords } from '../../data/space-words.js';
import { cider, countNgrams } from './cider.js';
import { meteorOfStatistics, statisticsOf } from './meteor/meteor-score.js';
import type { MeteorStatistics } from './meteor/meteor-statistics.js';
import { normaliseWords } from './meteor/normalise-words.js';
import type { MeteorTier } from './meteor/tier.js';
import type { Caption } from './captions.js';

/**
 * The captions of a video as one paragraph each, and how they align: small enough to keep for every video.
 */
export interface ScoredParagraph {
  /** Words, letters only, joined by spaces. */
  readonly predicted: string;
  readonly gold: string;
  readonly meteor: MeteorStatistics;
}

/**
 * Joins captions to paragraphs and aligns them. `strict` reads words of every script, `compat` the letters
 * from a to z only.
 */
export function scoreParagraph(
  predicted: readonly Caption[],
  gold: readonly Caption[],
  tier: MeteorTier,
  mode: Mode,
): ScoredParagraph {
  const wordsOf = mode === 'compat' ? asciiWords : letterWords;
  const hypothesis = wordsOf(predicted.map((caption) => caption.text).join('. ')).join(' ');
  const reference = wordsOf(gold.map((caption) => caption.text).join(' ')).join(' ');
  const pair = { hypothesis: normaliseWords(hypothesis), reference: normaliseWords(reference) };
  return { predicted: hypothesis, gold: reference, meteor: statisticsOf(pair, tier) };
}

/** CIDEr-D of all paragraphs as one corpus. */
export function paragraphCider(paragraphs: readonly ScoredParagraph[]): number {
  const ngrams = (text: string) => countNgrams(text.split(' '));
  return cider({
    *[Symbol.iterator]() {
      for (const { predicted, gold } of paragraphs) {
        yield { hypothesis: ngrams(predicted), references: [ngrams(gold)] };
      }
    },
  }).score;
}

/** METEOR of all paragraphs as one corpus. */
export function paragraphMeteor(paragraphs: readonly ScoredParagraph[], tier: MeteorTier): number {
  return meteorOfStatistics(
    paragraphs.map((paragraph) => paragraph.meteor),
    tier,
  );
}

/**
 * The published rule: paragraphs are split at everything except the letters a to z, so most of the world's
 * scripts are lost.
 */
function asciiWords(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? [];
}

/** Whether captions have letters that the published rule drops. */
export function hasOtherLetters(captions: readonly Caption[]): boolean {
  return captions.some(({ text }) => /[^\P{L}a-z]/iu.test(text));
}
