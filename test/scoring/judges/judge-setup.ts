import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JudgeCase } from '../../../server/scoring/judges/judge.js';
import {
  defaultJudgeSettings,
  emptyJudgeTally,
  type JudgeSettings,
} from '../../../server/scoring/judges/asking/judge-settings.js';

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
