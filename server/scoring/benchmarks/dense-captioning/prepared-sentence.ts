import type { Mode } from '../../mode.js';
import { spaceWords } from '../../data/space-words.js';
import { countNgrams, type NgramCounts } from './cider.js';
import { normaliseWords } from './meteor/normalise-words.js';
import { tokeniseCaption } from './tokenizer/tokenise-caption.js';

/** A sentence prepared once for every metric it takes part in. */
export interface PreparedSentence {
  readonly ngrams: NgramCounts;
  /** Words as METEOR sees them. */
  readonly words: readonly string[];
}

/**
 * Tokenises a caption and prepares it for CIDEr and METEOR. `strict` separates the words of scripts without
 * spaces; `compat` treats a whole run of them as one word, as published.
 */
export function prepareSentence(text: string, mode: Mode): PreparedSentence {
  return prepareTokens(tokeniseCaption(mode === 'compat' ? text : spaceWords(text)));
}

/** Prepares text that is already split into tokens. */
function prepareTokens(tokens: readonly string[]): PreparedSentence {
  return { ngrams: countNgrams(tokens), words: normaliseWords(tokens.join(' ')) };
}

/**
 * Used if a prediction matches no gold caption. The published scorer uses a random word; nothing can match
 * it, but it adds to the size of the corpus.
 */
export const fillerSentence: PreparedSentence = { ngrams: countNgrams(['\ue000']), words: ['\ue000'] };
