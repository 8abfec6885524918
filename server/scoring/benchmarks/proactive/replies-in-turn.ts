import { spanHolds } from '../../data/span.js';
import type { ProactiveTurn } from './pauc-annotations.js';

/** A reply of the system: what and when, in seconds. */
export interface ProactiveReply {
  readonly time: number;
  readonly content: string;
}

/** The replies that count for a gold turn, in the order of time. */
export function repliesInTurn(turn: ProactiveTurn, replies: readonly ProactiveReply[]): ProactiveReply[] {
  return replies.filter((reply) => spanHolds(turn.reply, reply.time)).sort((a, b) => a.time - b.time);
}

/** What has been said of a turn by the time of a reply. */
export interface AccumulatedReply {
  readonly time: number;
  /** The distinct texts so far, in order. */
  readonly texts: readonly string[];
}

/** The states a judge is shown: one per reply that says something new within its turn. */
export function accumulateReplies(replies: readonly ProactiveReply[]): AccumulatedReply[] {
  const states: AccumulatedReply[] = [];
  let texts: readonly string[] = [];
  for (const { time, content } of replies) {
    if (texts.includes(content)) continue;
    texts = [...texts, content];
    states.push({ time, texts });
  }
  return states;
}
