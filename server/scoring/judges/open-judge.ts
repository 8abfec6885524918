import { DuetError } from '../../errors.js';
import type { Judge } from './judge.js';
import { lexicalJudge } from './lexical.js';
import { readRecordedJudge } from './recorded.js';

/** Opens the judge a command line names: `lexical` or `recorded:<file>`. */
export async function openJudge(name: string): Promise<Judge> {
  if (name === 'lexical') return lexicalJudge;
  const recording = /^recorded:(.+)$/s.exec(name)?.[1];
  if (recording !== undefined) return readRecordedJudge(recording);
  throw new DuetError(
    'invalid_request',
    `unknown judge ${JSON.stringify(name)}; use "lexical" or "recorded:<file>"`,
  );
}
