import { DuetError } from '../../../errors.js';
import type { ChatTokenizer } from './tokenizer.js';

/** Tokens with which an answer begins. */
export interface YesOrNo {
  readonly yes: readonly number[];
  readonly no: readonly number[];
}

/**
 * The first tokens of yes and no in several spellings, without those that begin both. Throws 'unsupported' if
 * the tokenizer does not tell them apart.
 */
export function yesOrNoTokens({ encode }: Pick<ChatTokenizer, 'encode'>): YesOrNo {
  const firsts = (words: readonly string[]) =>
    new Set(words.flatMap((text) => encode([{ type: 'text', text }]).slice(0, 1)));
  const [yes, no] = [firsts(['Yes', 'yes', 'YES', ' Yes', ' yes']), firsts(['No', 'no', 'NO', ' No', ' no'])];
  const answers = { yes: [...yes].filter((id) => !no.has(id)), no: [...no].filter((id) => !yes.has(id)) };
  if (answers.yes.length > 0 && answers.no.length > 0) return answers;
  throw new DuetError(
    'unsupported',
    'tokenizer.json begins yes and no with the same tokens, so their probabilities cannot be told apart',
  );
}

/**
 * The probability that the next token begins a yes, among those that begin a yes or a no. Throws
 * 'model_failed' if that is no number.
 */
export function probabilityOfYes(logits: Float32Array, { yes, no }: YesOrNo): number {
  const values = (ids: readonly number[]) => ids.map((id) => logits[id] ?? NaN);
  const [ofYes, ofNo] = [values(yes), values(no)];
  const most = Math.max(...ofYes, ...ofNo);
  const sum = (all: readonly number[]) => all.reduce((total, value) => total + Math.exp(value - most), 0);
  const probability = sum(ofYes) / (sum(ofYes) + sum(ofNo));
  if (!Number.isNaN(probability)) return probability;
  throw new DuetError(
    'model_failed',
    "the decoder gave no number for yes or no; the model's weights are damaged",
  );
}
