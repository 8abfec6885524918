import { homedir } from 'node:os';
import { DuetError } from '../../errors.js';
import { defaultCacheFolder } from '../../scoring/judges/asking/cache-folder.js';
import {
  officialUrl,
  type ApiKey,
  type JudgingPlan,
  type PlannedJudge,
} from '../../scoring/judges/judging-plan.js';
import { judgeNames } from '../../scoring/judges/kinds/open-judge.js';
import type { JudgeFlags } from './judge-flags.js';

/** The judging plan from flags and environment. Throws if no judge is named. */
export function judgingPlanOf(flags: JudgeFlags): JudgingPlan {
  const judge = judgeOf(flags);
  return {
    mode: flags.mode,
    judge,
    second: secondJudgeOf(flags, judge),
    swap: flags.judgeSwap ?? 'off',
    concurrency: flags.judgeConcurrency,
    timeoutMs: Math.round(flags.judgeTimeout * 1000),
    retries: flags.judgeRetries,
    attempts: flags.judgeAttempts,
    maxTokens: flags.judgeMaxTokens ?? null,
    cacheFolder: cacheFolderOf(flags.judgeCache),
    budget: flags.judgeBudget ?? null,
    dryRun: flags.judgeDryRun === true,
  };
}

function judgeOf({ judge: name, judgeUrl, judgeKeyFile, judgePrice }: JudgeFlags): PlannedJudge {
  if (name === undefined) {
    const message = `required option '--judge <name>' not specified; use ${judgeNames}`;
    throw new DuetError('invalid_request', message);
  }
  return {
    name,
    url: judgeUrl ?? notEmpty(process.env['OPENAI_BASE_URL']) ?? officialUrl,
    key: judgeKeyFile === undefined ? keyOfEnvironment() : { type: 'file', path: judgeKeyFile },
    price: judgePrice ?? null,
  };
}

function secondJudgeOf(flags: JudgeFlags, first: PlannedJudge): PlannedJudge | null {
  const { secondJudge: name, secondJudgeUrl, secondJudgePrice } = flags;
  if (name === undefined) return null;
  const url = secondJudgeUrl ?? first.url;
  return { name, url, key: secondKey(flags, url, first), price: secondJudgePrice ?? null };
}

/** The key of the first judge is never sent to another service. */
function secondKey({ secondJudgeKeyFile }: JudgeFlags, url: string, first: PlannedJudge): ApiKey {
  if (secondJudgeKeyFile !== undefined) return { type: 'file', path: secondJudgeKeyFile };
  if (originOf(url) === originOf(first.url)) return first.key;
  return originOf(url) === originOf(officialUrl) ? keyOfEnvironment() : { type: 'none' };
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function keyOfEnvironment(): ApiKey {
  const key = notEmpty(process.env['OPENAI_API_KEY']);
  return key === undefined ? { type: 'none' } : { type: 'given', key };
}

function cacheFolderOf(flag: string | false | undefined): string | null {
  if (flag === false) return null;
  return flag ?? defaultCacheFolder({ env: process.env, platform: process.platform, home: homedir() });
}

function notEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim();
}
