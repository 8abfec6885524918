import { describeTalk, type Situation } from '../situation.js';
import type { TokenCount } from './spending.js';

/** What the parts of a request take at most. */
export interface EstimateParts {
  /** Tokens of one picture. */
  readonly pictureTokens: number;
}

/** The most that a request about a situation may take: with `more` texts, and so many tokens of an answer. */
export function estimateOf(
  situation: Situation,
  { pictureTokens }: EstimateParts,
  { output, more = [] }: { readonly output: number; readonly more?: readonly string[] },
): TokenCount {
  const texts = [situation.systemPrompt, describeTalk(situation), ...more];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const markup = markupTokens * (texts.length + situation.pictures.length);
  return {
    input: Math.ceil(bytes / bytesPerToken) + markup + situation.pictures.length * pictureTokens,
    output,
  };
}

/** Of the scripts and tokenizers in use, few take more than a token for two bytes. */
const bytesPerToken = 2;

const markupTokens = 16;
