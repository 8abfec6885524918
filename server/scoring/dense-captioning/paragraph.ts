import type { Caption } from './caption.js';
import type { CaptionPair } from './caption-pairs.js';
import { prepareTokens } from './prepared-sentence.js';

/** The captions of a video as one paragraph each, letters only, ready for CIDEr and METEOR. */
export function paragraphPair(predicted: readonly Caption[], gold: readonly Caption[]): CaptionPair {
  return {
    predicted: prepareTokens(letterRuns(predicted.map((caption) => caption.text).join('. '))),
    gold: prepareTokens(letterRuns(gold.map((caption) => caption.text).join(' '))),
  };
}

/** Paragraphs are split at whatever is no letter; no tokeniser takes contractions apart. */
function letterRuns(text: string): string[] {
  return text.toLowerCase().match(/[a-z]+/g) ?? [];
}
