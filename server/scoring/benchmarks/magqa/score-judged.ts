import { DuetError } from '../../../errors.js';
import { fileFault } from '../../data/json/file-fault.js';
import { emptyTally, type MatchTally } from '../../data/match-predictions.js';
import type { QaAnnotation } from '../../data/qa-annotations.js';
import { idJson, questionKey } from '../../data/question-id.js';
import type { Gold } from '../../data/annotations.js';
import type { JudgeIdentity } from '../../judges/judge.js';
import type { JudgedBy } from '../../judges/judged-by.js';
import { readJudged, type ReadJudgedRow } from './judged-line.js';
import { resultOf, type MagqaResult } from './magqa-result.js';
import type { MagqaOptions } from './rules.js';

/** A judged file, scored. */
interface ScoredJudgedFile {
  readonly result: MagqaResult;
  /** Who judged, as the file says. */
  readonly judge: JudgeIdentity;
}

/**
 * Scores a judged file without asking a judge. Annotations, where given, say which questions are missing and
 * how examples can be sliced; without them the questions of the file are all there are. Ratings that are text
 * are read by their first character in `compat`, as the published analysis does, and as they state it in
 * `strict`.
 */
export async function scoreJudged(
  file: string,
  gold: Gold<QaAnnotation> | null,
  options: MagqaOptions,
): Promise<ScoredJudgedFile> {
  const { mode, allMatch } = options;
  const tally = emptyTally();
  const rows: ReadJudgedRow[] = [];
  const judges = new Map<string, JudgedBy | null>();
  const unknown: string[] = [];
  for await (const row of readJudged(file, allMatch, mode === 'compat' ? 'first_character' : 'stated')) {
    const key = questionKey(row.score.questionId, mode);
    count(tally, key, row, file, mode === 'strict');
    judges.set(JSON.stringify(row.judge), row.judge);
    const annotation = gold?.get(key);
    if (gold !== null && annotation === undefined) unknown.push(idJson(row.score.questionId));
    else rows.push({ ...row, score: { ...row.score, tags: annotation?.tags ?? {} } });
  }
  tally.nUnknown = unknown.length;
  if (unknown.length > 0 && options.unknown === 'fail') throw unknownFault(file, unknown);
  requireMostJudged(file, rows);
  if (mode === 'strict') requireMostRead(file, rows);
  const nUnparsableReplies = rows.reduce((total, row) => total + row.nUnparsable, 0);
  const nNotJudged = rows.reduce((total, row) => total + row.nNotJudged, 0);
  const parts = { gold: gold ?? new Map<string, QaAnnotation>(), tally, options };
  return {
    result: resultOf(rows, { ...parts, nJudgeCalls: 0, nUnparsableReplies, nNotJudged }),
    judge: identityOfAll(file, [...judges.values()]),
  };
}

function count(tally: MatchTally, key: string, { line }: ReadJudgedRow, file: string, once: boolean): void {
  tally.nPredictions += 1;
  const earlier = tally.firstLines.get(key);
  if (earlier === undefined) tally.firstLines.set(key, line);
  else if (once) {
    throw fileFault({ file, line, field: 'question_id' }, `${key} is judged twice, first on line ${earlier}`);
  } else tally.nDuplicate += 1;
}

function requireMostJudged(file: string, rows: readonly ReadJudgedRow[]): void {
  const leftOut = rows.filter(({ score }) => score.isLeftOut);
  const [first] = leftOut;
  if (first === undefined || leftOut.length * 2 <= rows.length) return;
  const place = { file, line: first.line, field: 'evaluator_output' };
  const remedy = 'judge them again with duet judge -o this file';
  throw fileFault(
    place,
    `${leftOut.length} of ${rows.length} examples were not judged, too many for a figure; ${remedy}`,
  );
}

/**
 * Too many unreadable replies, each counted as 1, would measure the judge. Exact judges use them to reject
 * predictions.
 */
function requireMostRead(file: string, rows: readonly ReadJudgedRow[]): void {
  const unread = rows.filter(({ isUnread, judge }) => isUnread && judge?.id.startsWith('exact') !== true);
  const [first] = unread;
  if (first === undefined || unread.length * 2 <= rows.length) return;
  const place = { file, line: first.line, field: 'evaluator_output' };
  const remedy = 'judge them again with duet judge -o this file, or with another judge';
  throw fileFault(
    place,
    `of ${unread.length} of ${rows.length} examples the judge's replies hold no rating, ` +
      `too many for a figure; ${remedy}`,
  );
}

function unknownFault(file: string, unknown: readonly string[]): DuetError {
  const listed = unknown.slice(0, 20).join(', ');
  const message =
    `${file}: field question_id: ${unknown.length} judged lines have no ` +
    `annotation, such as ${listed}; skip them with --skip-unknown`;
  return new DuetError('invalid_request', message);
}

/** A single named judge is given by its name, several or an unnamed one by the file's. */
function identityOfAll(file: string, judges: readonly (JudgedBy | null)[]): JudgeIdentity {
  const named = judges.filter((judge) => judge !== null);
  const [only] = named;
  if (only !== undefined && judges.length === 1) {
    const caveat = only.caveat === undefined ? {} : { caveat: only.caveat };
    return { id: only.id, comparable: only.comparable, ...caveat, promptHash: only.prompt_hash };
  }
  return { id: `judged:${file}`, comparable: named.every((judge) => judge.comparable), promptHash: null };
}
