import snakecaseKeys from 'snakecase-keys';
import { jsonLine } from '../../scoring/data/question-id.js';
import { identityOf, type Judge } from '../../scoring/judges/judge.js';
import { judgedBy } from '../../scoring/judges/judged-file/judged-by.js';
import { carryOnWriting } from '../../scoring/data/json-lines-file.js';
import { openJudge } from '../../scoring/judges/kinds/open-judge.js';
import type { JudgingReport } from '../../scoring/judges/report/judging-report.js';
import { openRecording } from '../../scoring/judges/asking/recording.js';
import { judgingRows } from '../../scoring/report/judging-rows.js';
import { judgeNameOf } from './judge-flags.js';
import { predictionsIn } from '../score-files.js';
import { printEstimate } from './describe-estimate.js';
import { requireOwnFile } from './distinct-files.js';
import type { JudgeFilesFlags } from './judge-files-flags.js';
import type { JudgedCounts, JudgeTask, OnJudgedLine } from './judge-task.js';
import {
  checkDone,
  notYetJudged,
  readPartlyJudged,
  type PartlyJudged,
} from '../../scoring/judges/judged-file/judged-file.js';
import { judgeSettingsOf } from './judge-settings-of.js';
import { runJudged } from './run-judged.js';

/**
 * Judges the predictions of a file into a judged file and says what it took. Existing lines are kept once
 * they are known to belong to these predictions, annotations and this judge; the rest is judged and written
 * line by line, so that a killed and repeated run gives the same file as an undisturbed one.
 */
export async function judgeFiles(
  flags: JudgeFilesFlags,
  task: JudgeTask,
  signal: AbortSignal,
): Promise<string> {
  const { mode, output, record, pred, gold } = flags;
  requireOwnFile(['-o', output], { '--pred': pred, '--gold': gold, '--record': record });
  if (record !== undefined) requireOwnFile(['--record', record], { '--pred': pred, '--gold': gold });
  const partly = readPartlyJudged(output, mode);
  const judge = await openJudge(judgeNameOf(flags), judgeSettingsOf(flags, signal));
  await checkAgainstNow(flags, task, partly, judge);
  const remaining = () => {
    const { file, predictions } = predictionsIn(pred, false);
    return { file, predictions: notYetJudged(predictions, partly, mode) };
  };
  const refusals = flags.keepRefusals === true ? 'keep' : 'ask_again';
  const recording = record === undefined ? null : openRecording(record, judge, refusals);
  try {
    const outcome = await runJudged(flags, signal, {
      ...(recording === null ? {} : { recording }),
      rehearse: (judge) => task(remaining(), judge, 1, () => undefined),
      score: (judge, concurrency) =>
        writeLines(output, partly, (onLine) => task(remaining(), judge, concurrency, onLine)),
    });
    if (outcome.type === 'estimated')
      return printEstimate(outcome.judge, outcome.estimate, flags.json === true);
    return describe(flags, { ...outcome, nKept: partly.found.lines.length });
  } finally {
    recording?.close();
  }
}

/**
 * Runs the whole task with a judge that costs nothing: whatever is wrong with the files is found before any
 * is paid.
 */
async function checkAgainstNow(
  flags: JudgeFilesFlags,
  task: JudgeTask,
  partly: PartlyJudged,
  judge: Judge,
): Promise<void> {
  const by = judgedBy(judge, flags.mode, flags.judgeSwap ?? 'off');
  const check = checkDone(partly, by, flags.mode);
  const rehearsal: Judge = { ...identityOf(judge), rate: () => Promise.resolve('1') };
  await task(predictionsIn(flags.pred, false), rehearsal, 1, check.expect);
  check.finish();
}

interface Written {
  readonly nWritten: number;
  readonly counts: JudgedCounts;
}

async function writeLines(
  file: string,
  partly: PartlyJudged,
  work: (onLine: OnJudgedLine) => Promise<JudgedCounts>,
): Promise<Written> {
  const lines = carryOnWriting(file, partly.found);
  let nWritten = 0;
  try {
    const counts = await work((fields) => {
      lines.writeLine(jsonLine(fields));
      nWritten += 1;
    });
    return { nWritten, counts };
  } finally {
    lines.close();
  }
}

interface Done {
  readonly judge: Judge;
  readonly result: Written;
  readonly judging: JudgingReport;
  readonly nKept: number;
}

function describe(flags: JudgeFilesFlags, { judge, result, judging, nKept }: Done): string {
  const { counts, nWritten } = result;
  if (flags.json === true) {
    const { nUnparsableReplies, nUnknown, nJudgeCalls } = counts;
    return JSON.stringify({
      output: flags.output,
      mode: flags.mode,
      ...snakecaseKeys({ nKept, nWritten, nJudgeCalls, nUnparsableReplies, nUnknown }),
      judge: snakecaseKeys({ ...identityOf(judge), ...judging }),
    });
  }
  const unread =
    counts.nUnparsableReplies > 0 ? `, ${counts.nUnparsableReplies} replies without a rating` : '';
  return [
    `${flags.output}: ${nKept} lines kept, ${nWritten} written${unread}`,
    `judge ${judge.id}`,
    ...judgingRows(judging),
  ].join('\n');
}
