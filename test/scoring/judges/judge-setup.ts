import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JudgeCase } from '../../../server/scoring/judges/judge.js';
import {
  defaultJudgeSettings,
  emptyJudgeTally,
  type JudgeSettings,
} from '../../../server/scoring/judges/asking/judge-settings.js';
import {
  officialUrl,
  type JudgingPlan,
  type PlannedJudge,
} from '../../../server/scoring/judges/judging-plan.js';

/** Settings for an endpoint of a test: hardly any patience, nothing kept. */
export function settingsFor(url: string, others: Partial<JudgeSettings> = {}): JudgeSettings {
  return {
    ...defaultJudgeSettings(),
    url,
    timeoutMs: 5000,
    retries: 2,
    tally: emptyJudgeTally(),
    ...others,
  };
}

/** A plan of a judge alone: everything asked once, nothing kept, no limit on what is spent. */
export function planFor(name: string, others: Partial<JudgingPlan> = {}): JudgingPlan {
  return {
    mode: 'strict',
    judge: plannedJudge(name),
    second: null,
    swap: 'off',
    concurrency: 4,
    timeoutMs: 5000,
    retries: 0,
    attempts: 1,
    maxTokens: null,
    cacheFolder: null,
    budget: null,
    dryRun: false,
    ...others,
  };
}

/** A judge of a plan, with no key. */
export function plannedJudge(name: string, others: Partial<PlannedJudge> = {}): PlannedJudge {
  return { name, url: officialUrl, key: { type: 'none' }, price: null, ...others };
}

/** A case that differs from others by its prediction. */
export function caseOf(prediction: string, gold = 'a red cat'): JudgeCase {
  return { question: 'What is there?', gold, prediction };
}

/** A folder that goes away with the scope it was made in. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'duet-judge-'));
  return {
    path,
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
