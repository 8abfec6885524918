import { DuetError } from '../../../errors.js';
import { bundledGrammar, openExactJudge } from './exact/exact-judge.js';
import type { Judge } from '../judge.js';
import { defaultJudgeSettings, type JudgeSettings } from '../asking/judge-settings.js';
import { lexicalJudge } from './lexical.js';
import { readRecordedJudge } from './recorded.js';

/** The names of judges, for help and error messages. */
export const judgeNames = 'openai:<model>, exact, exact:<grammar.json>, recorded:<file> or lexical';

/** Opens a judge by name, one of {@link judgeNames}. */
export async function openJudge(
  name: string,
  settings: JudgeSettings = defaultJudgeSettings(),
): Promise<Judge> {
  if (name === 'lexical') return lexicalJudge;
  if (name === 'exact') return openExactJudge(bundledGrammar, name);
  const [kind, rest] = splitName(name);
  if (rest !== '' && kind === 'exact') return openExactJudge(rest, name);
  if (rest !== '' && kind === 'recorded') return readRecordedJudge(rest);
  if (rest !== '' && kind === 'openai') {
    // Loaded on demand: its library is large.
    const { openEndpointJudge } = await import('./openai/endpoint-judge.js');
    return openEndpointJudge(rest, settings);
  }
  throw new DuetError('invalid_request', `unknown judge ${JSON.stringify(name)}; use ${judgeNames}`);
}

function splitName(name: string): readonly [kind: string, rest: string] {
  const colon = name.indexOf(':');
  return colon === -1 ? [name, ''] : [name.slice(0, colon), name.slice(colon + 1)];
}
