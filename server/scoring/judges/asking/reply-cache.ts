import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import cacache from 'cacache';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { makeFolder } from '../../../make-folder.js';

/** A reply as it is kept. The texts of the case lie beside it for whoever looks into the cache. */
export interface KeptReply {
  readonly question: string;
  readonly gold: string;
  readonly pred: string;
  readonly rubric: string;
  readonly judge: string;
  readonly reply: string | number;
}

const keptSchema = z.object({ reply: z.union([z.string(), z.number()]) });

/** What was found under a key. */
export type Found =
  | { readonly type: 'reply'; readonly reply: string | number }
  | { readonly type: 'nothing' }
  | { readonly type: 'damaged' };

/** Replies on disk. Writing is atomic: a process killed at any moment leaves whole entries. */
export interface ReplyCache {
  find(key: string): Promise<Found>;
  /** Whether the reply was kept; a full disk is no reason to stop. */
  keep(key: string, kept: KeptReply): Promise<boolean>;
}

/**
 * Opens the cache in a folder, which is made. Throws where nothing can be written, before anything is paid.
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
    find: (key) => find(folder, key),
    keep: (key, kept) => keep(folder, key, kept),
  };
}

async function find(folder: string, key: string): Promise<Found> {
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

async function keep(folder: string, key: string, kept: KeptReply): Promise<boolean> {
  try {
    await cacache.put(folder, key, JSON.stringify(kept), { memoize: false });
    return true;
  } catch {
    return false;
  }
}

/** The cache does not overwrite content it has, damaged or not, so damaged content has to go. */
async function forget(folder: string, key: string): Promise<void> {
  try {
    // The library's types hide that an entry may be missing.
    const entry: { readonly integrity: string } | null = await cacache.get.info(folder, key);
    if (entry !== null) await cacache.rm.content(folder, entry.integrity);
    await cacache.rm.entry(folder, key);
  } catch {
    // What cannot be removed is asked again next time.
  }
}

function isAbsent(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}
