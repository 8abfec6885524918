import { percentPieces, secondsPieces } from '../../data/offline-text.js';
import { assistantTurns, type Prediction, type Turn } from '../../data/prediction.js';
import type { GoldTurn } from '../../data/qa-annotations.js';
import type { Span } from '../../data/span.js';
import type { Mode } from '../../mode.js';

/** How a text that captions a whole video marks its times. */
export type CaptionFormat = 'percent' | 'seconds';

/**
 * The format `compat` takes a text file to have: percents where the path names the one model that writes
 * them.
 */
export function formatOfPath(path: string): CaptionFormat {
  return path.includes('vtimellm') ? 'percent' : 'seconds';
}

/** Captions of a prediction. `questionTime`, in seconds, is when the first caption begins in `strict`. */
export function predictedCaptions(
  prediction: Prediction,
  questionTime: number,
  format: CaptionFormat,
  mode: Mode,
): Caption[] {
  switch (prediction.type) {
    case 'online':
      return onlineCaptions(inOrder(assistantTurns(prediction.turns), mode), questionTime, mode);
    case 'offline':
      return offlineCaptions(prediction.text, prediction.videoDuration, format);
  }
}

/** `compat` takes the turns as the file has them, `strict` in the order of time. */
function inOrder(replies: readonly Turn[], mode: Mode): readonly Turn[] {
  return mode === 'compat' ? replies : replies.toSorted((a, b) => a.time - b.time);
}

/**
 * One caption per run of equal replies: it ends with the last reply of the run and begins where the run
 * before ended. The first run begins with the question; `compat` drops it, as the published conversion does.
 */
function onlineCaptions(replies: readonly Turn[], questionTime: number, mode: Mode): Caption[] {
  const captions: Caption[] = [];
  let start = questionTime;
  for (const [index, reply] of replies.entries()) {
    if (replies[index + 1]?.content === reply.content) continue;
    captions.push({ span: [start, reply.time], text: reply.content });
    start = reply.time;
  }
  return mode === 'compat' ? captions.slice(1) : captions;
}

function offlineCaptions(text: string, videoDuration: number, format: CaptionFormat): Caption[] {
  const pieces = format === 'percent' ? percentPieces(text, videoDuration) : secondsPieces(text);
  return pieces.map(({ span, content }) => ({ span, text: content }));
}

/** Gold captions as they are scored: one sentence each, with a full stop at the end. */
export function goldCaptions(answer: readonly GoldTurn[]): Caption[] {
  return answer.map(({ content, span }) => ({ span, text: `${content.replaceAll('. ', ', ')}.` }));
}

/** A caption and the stretch of video it is about. */
export interface Caption {
  /** Seconds; may be reversed where the text said so. */
  readonly span: Span;
  readonly text: string;
}
