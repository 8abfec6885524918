import type { PromptLayout } from '../../capabilities.js';
import { CleanedText } from './clean-up.js';
import { Detokenizer } from './detokenizer.js';

/** Turns the tokens of one reply into its text. */
export interface ReplyText {
  /** The characters that are settled with `token`; often none. */
  readonly push: (token: number) => string;
  /** What is left when the reply is over. */
  readonly end: () => string;
}

/**
 * How a layout spells its replies. `trained`: as the tokens say, without a last character that was not
 * completed. `reference`: as MMDuet's inference decodes them, with the clean-up of tokenisation spaces and
 * U+FFFD for such a last character.
 */
export function replyText(layout: PromptLayout, bytesOf: (token: number) => Uint8Array): ReplyText {
  const detokenizer = new Detokenizer(bytesOf);
  if (layout === 'trained') return { push: (token) => detokenizer.push(token), end: () => '' };
  const cleaned = new CleanedText();
  return {
    push: (token) => cleaned.push(detokenizer.push(token)),
    end: () => cleaned.push(detokenizer.end()) + cleaned.end(),
  };
}
