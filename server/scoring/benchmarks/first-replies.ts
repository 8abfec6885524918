import {
  emptyTally,
  matchPredictions,
  missingKeys,
  type MatchRules,
  type PredictionSource,
} from '../data/match-predictions.js';
import { assistantTurns, type Prediction } from '../data/prediction.js';
import type { Gold } from '../data/annotations.js';

/** A question that is asked at a moment of the video and takes one reply. */
interface AskedQuestion {
  /** Seconds. */
  readonly askedAt: number;
}

/** The first reply of a system after it was asked. */
export interface FirstReply {
  /** Seconds. */
  readonly time: number;
  readonly text: string;
}

/** First replies by question, null for silence; and the counts of the matching. */
export interface FirstReplies {
  readonly replies: ReadonlyMap<string, FirstReply | null>;
  readonly counts: {
    readonly nGold: number;
    readonly nPredictions: number;
    readonly nMissing: number;
    readonly nUnknown: number;
    readonly nDuplicate: number;
    readonly nSilent: number;
  };
}

/** How to find first replies. */
export interface FirstReplyRules extends MatchRules {
  /** Whether questions without a prediction count as silence or not at all. */
  readonly missing: 'zero' | 'skip';
}

/**
 * The first reply to every question from the moment of asking on; a system that answers with one text is
 * assumed to answer at once. If a question is predicted twice, the last prediction counts (`compat` only).
 */
export async function readFirstReplies(
  source: PredictionSource,
  gold: Gold<AskedQuestion>,
  rules: FirstReplyRules,
): Promise<FirstReplies> {
  const tally = emptyTally();
  const replies = new Map<string, FirstReply | null>();
  for await (const { key, prediction, annotation } of matchPredictions(source, gold, rules, tally)) {
    replies.set(key, firstReplyOf(prediction, annotation));
  }
  const missing = missingKeys(gold, tally);
  if (rules.missing === 'zero') for (const key of missing) replies.set(key, null);
  return {
    replies,
    counts: {
      nGold: gold.size,
      nPredictions: tally.nPredictions,
      nMissing: missing.length,
      nUnknown: tally.nUnknown,
      nDuplicate: tally.nDuplicate,
      nSilent: [...replies.values()].filter((reply) => reply === null).length,
    },
  };
}

function firstReplyOf(prediction: Prediction, { askedAt }: AskedQuestion): FirstReply | null {
  if (prediction.type === 'offline') return { time: askedAt, text: prediction.text };
  let first: FirstReply | null = null;
  for (const { time, content } of assistantTurns(prediction.turns)) {
    if (time >= askedAt && (first === null || time < first.time)) first = { time, text: content };
  }
  return first;
}
