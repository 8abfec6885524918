import { percentPieces, secondsPieces } from '../../data/offline-text.js';
import { assistantTurns, type Prediction } from '../../data/prediction.js';

/** What the system said and when, in seconds; {@link noTime} where it gave no time. */
export interface TimedReply {
  readonly content: string;
  readonly time: number;
  /** When a viewer had the whole reply; the same as `time` where that was not measured. */
  readonly deliveryTime: number;
}

/** Stands for "no time given"; such a reply is matched with every span. */
export const noTime = -1;

/**
 * The replies of a prediction, in order. Of an offline text each timed piece is a reply at the middle of its
 * span; a text without such pieces is one reply without a time.
 */
export function repliesOf(prediction: Prediction): TimedReply[] {
  switch (prediction.type) {
    case 'online':
      return assistantTurns(prediction.turns).map(({ content, time, deliveryTime }) => {
        return { content, time, deliveryTime: deliveryTime ?? time };
      });
    case 'offline':
      return offlineReplies(prediction.text, prediction.videoDuration);
  }
}

function offlineReplies(text: string, videoDuration: number): TimedReply[] {
  const pieces = [...percentPieces(text, videoDuration), ...secondsPieces(text)];
  if (pieces.length === 0) return [{ content: text, time: noTime, deliveryTime: noTime }];
  return pieces.map(({ content, span }) => {
    const time = (span[0] + span[1]) / 2;
    return { content, time, deliveryTime: time };
  });
}

/**
 * Joins the replies of one example into a single one at the time of the first, for judging an answer as a
 * whole. A reply is left out when its text, trimmed and in lower case, was already seen.
 */
export function concatReplies(replies: readonly TimedReply[]): TimedReply[] {
  const [first] = replies;
  if (first === undefined) return [];
  const seen = new Set<string>();
  const kept: string[] = [];
  for (const { content } of replies) {
    const key = content.trim().toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    kept.push(content);
  }
  return [{ ...first, content: kept.join(' ') }];
}
