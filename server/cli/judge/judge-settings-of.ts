import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { DuetError } from '../../errors.js';
import { defaultCacheFolder } from '../../scoring/judges/asking/cache-folder.js';
import {
  emptyJudgeTally,
  officialUrl,
  type JudgeSettings,
} from '../../scoring/judges/asking/judge-settings.js';
import { listedPrice, type Price } from '../../scoring/judges/asking/prices.js';
import type { JudgeFlags } from './judge-flags.js';

/**
 * Settings of the judge from flags and environment. `compat` takes replies as they come, so it asks once.
 */
export function judgeSettingsOf(flags: JudgeFlags, signal: AbortSignal): JudgeSettings {
  return {
    url: flags.judgeUrl ?? notEmpty(process.env['OPENAI_BASE_URL']) ?? officialUrl,
    apiKey: flags.judgeKeyFile === undefined ? keyOfEnvironment() : readKey(flags.judgeKeyFile),
    concurrency: flags.judgeConcurrency,
    timeoutMs: Math.round(flags.judgeTimeout * 1000),
    retries: flags.judgeRetries,
    attempts: flags.mode === 'compat' ? 1 : flags.judgeAttempts,
    maxTokens: flags.judgeMaxTokens ?? null,
    cacheFolder: cacheFolderOf(flags.judgeCache),
    tally: emptyJudgeTally(),
    reserve: null,
    signal,
  };
}

/** Settings of the second judge. The key of the first is sent to no other service. */
export function secondJudgeSettingsOf(flags: JudgeFlags, signal: AbortSignal): JudgeSettings {
  const first = judgeSettingsOf(flags, signal);
  const url = flags.secondJudgeUrl ?? first.url;
  return { ...first, url, apiKey: secondKey(flags, url, first) };
}

function secondKey({ secondJudgeKeyFile }: JudgeFlags, url: string, first: JudgeSettings): string | null {
  if (secondJudgeKeyFile !== undefined) return readKey(secondJudgeKeyFile);
  if (originOf(url) === originOf(first.url)) return first.apiKey;
  return originOf(url) === originOf(officialUrl) ? keyOfEnvironment() : null;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/**
 * The price that was given, or the listed one of a model at the official service; null where neither is
 * known.
 */
export function priceOf(name: string, settings: JudgeSettings, given: Price | undefined): Price | null {
  if (given !== undefined) return given;
  const model = /^openai:(.+)$/s.exec(name)?.[1];
  return model === undefined || settings.url !== officialUrl ? null : listedPrice(model);
}

function keyOfEnvironment(): string | null {
  return notEmpty(process.env['OPENAI_API_KEY']) ?? null;
}

function readKey(file: string): string {
  try {
    const key = readFileSync(file, 'utf8').trim();
    if (/^[\x21-\x7e]+$/.test(key)) return key;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DuetError('invalid_request', `${file}: the key cannot be read: ${reason}`, { cause });
  }
  throw new DuetError('invalid_request', `${file}: expected one line that holds the key`);
}

function cacheFolderOf(flag: string | false | undefined): string | null {
  if (flag === false) return null;
  return flag ?? defaultCacheFolder({ env: process.env, platform: process.platform, home: homedir() });
}

function notEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
