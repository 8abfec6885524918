import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import cacache from 'cacache';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { makeFolder } from '../../../make-folder.js';
import { noCall, type Judge, type JudgeCase, type Rubric } from '../judge.js';
import { isUsable } from '../rating/read-rating.js';
import type { JudgeTally } from './judge-settings.js';
import type { RatedCase } from './remembered-replies.js';

/**
 * A judge whose replies are cached on disk. Replies without a rating are not kept, so they are asked for
 * again next time; a damaged entry counts as missing.
 */
export function cachedJudge(judge: Judge, cache: ReplyCache, tally: JudgeTally): Judge {
  const estimate = judge.estimate?.bind(judge);
  const known = async (judgeCase: JudgeCase, rubric: Rubric) => {
    const found = await cache.find(judge, judgeCase, rubric);
    return found.type === 'reply' && !isUsable(found.reply, rubric) ? ({ type: 'nothing' } as const) : found;
  };
  return {
    ...judge,
    async rate(judgeCase, rubric) {
      const found = await known(judgeCase, rubric);
      if (found.type === 'reply') {
        tally.cacheHits += 1;
        return found.reply;
      }
      if (found.type === 'damaged') tally.cacheFaults += 1;
      const reply = await judge.rate(judgeCase, rubric);
      if (typeof reply === 'object' || !isUsable(reply, rubric)) return reply;
      if (!(await cache.keep(judge, { judgeCase, rubric, reply }))) tally.cacheFaults += 1;
      return reply;
    },
    ...(estimate === undefined
      ? {}
      : {
          estimate: async (judgeCase, rubric) => {
            const { type } = await known(judgeCase, rubric);
            return type === 'reply' ? noCall : estimate(judgeCase, rubric);
          },
        }),
  };
}

/** Replies on disk. Writes are atomic: a killed process leaves only complete entries. */
interface ReplyCache {
  find(judge: AskedJudge, judgeCase: JudgeCase, rubric: Rubric): Promise<FoundReply>;
  /** Returns whether the reply was stored; a full disk does not stop the run. */
  keep(judge: AskedJudge, rated: RatedCase): Promise<boolean>;
}

/** What distinguishes one judge from another. */
type AskedJudge = Pick<Judge, 'id' | 'endpoint' | 'promptHash'>;

type FoundReply =
  | { readonly type: 'reply'; readonly reply: string | number }
  | { readonly type: 'nothing' }
  | { readonly type: 'damaged' };

/**
 * Opens the cache in a folder, creating it if necessary. Throws if it is not writable, before anything is
 * paid for.
 */
export async function openReplyCache(folder: string): Promise<ReplyCache> {
  try {
    await makeFolder(folder);
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'name another folder with --judge-cache, or do without by --no-judge-cache';
    throw new DuetError('invalid_request', `${folder}: no cache can be kept here: ${reason}; ${remedy}`, {
      cause,
    });
  }
  return {
    find: (judge, judgeCase, rubric) => find(folder, cacheKey(judge, judgeCase, rubric)),
    keep: (judge, rated) => keep(folder, judge, rated),
  };
}

/** SHA-256 over the case, the rubric, and everything that distinguishes one judge from another. */
function cacheKey(judge: AskedJudge, { question, gold, prediction }: JudgeCase, rubric: Rubric): string {
  const parts = [judge.id, judge.endpoint ?? '', judge.promptHash, rubric, question, gold, prediction];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

async function find(folder: string, key: string): Promise<FoundReply> {
  try {
    const { data } = await cacache.get(folder, key, { memoize: false });
    const kept = keptSchema.parse(JSON.parse(data.toString('utf8')));
    return { type: 'reply', reply: kept.reply };
  } catch (thrown) {
    if (isAbsent(thrown)) return { type: 'nothing' };
    await forget(folder, key);
    return { type: 'damaged' };
  }
}

const keptSchema = z.object({ reply: z.union([z.string(), z.number()]) });

async function keep(folder: string, judge: AskedJudge, rated: RatedCase): Promise<boolean> {
  const { judgeCase, rubric, reply } = rated;
  const { question, gold, prediction: pred } = judgeCase;
  // The texts of the case are stored too, for people who look into the cache.
  const kept = { question, gold, pred, rubric, judge: judge.id, reply };
  try {
    await cacache.put(folder, cacheKey(judge, judgeCase, rubric), JSON.stringify(kept), { memoize: false });
    return true;
  } catch {
    return false;
  }
}

/** The cache never overwrites content, even if it is damaged, so damaged content must be removed. */
async function forget(folder: string, key: string): Promise<void> {
  try {
    // The library's types do not say that an entry may be missing.
    const entry: { readonly integrity: string } | null = await cacache.get.info(folder, key);
    if (entry !== null) await cacache.rm.content(folder, entry.integrity);
    await cacache.rm.entry(folder, key);
  } catch {
    // If removal fails, the judge is asked again next time.
  }
}

function isAbsent(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
