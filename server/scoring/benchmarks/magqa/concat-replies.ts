import type { TimedReply } from './timed-reply.js';

/**
 * Joins the replies of one example into a single one at the time of the first, for judging an answer as a whole. A
 * reply is left out when its text, trimmed and in lower case, was already seen.
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
