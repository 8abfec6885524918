import type { GoldTurn } from '../../data/qa-annotations.js';
import type { Caption } from './caption.js';

/** Gold captions as they are scored: one sentence each, with a full stop at the end. */
export function goldCaptions(answer: readonly GoldTurn[]): Caption[] {
  return answer.map(({ content, span }) => ({ span, text: `${content.replaceAll('. ', ', ')}.` }));
}
