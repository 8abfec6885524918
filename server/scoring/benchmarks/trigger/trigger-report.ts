import { formatValue } from '../../report/format-value.js';
import type { ReportRow, TaskReport } from '../../report/report.js';
import { alwaysSilent, alwaysSpeaking, decisionFigures, type DecisionCounts } from './decisions.js';
import type { TriggerOptions, TriggerResult } from './score-trigger.js';

/** The report of when a model speaks, beside systems that do not look. */
export function triggerReport(result: TriggerResult, options: TriggerOptions): TaskReport {
  const { pooled, perQuestion, timing, decisions, counts } = result;
  const { mode, ...others } = options;
  return {
    task: 'trigger',
    mode,
    options: others,
    versions: { roc_auc: 'ties half', pr_auc: 'average precision', timing: 'middle of the gold span' },
    judge: null,
    notes: notesOf(result, options),
    counts: { ...counts },
    headline: [
      { name: 'roc_auc', value: pooled.rocAuc, digits: 4 },
      { name: 'pr_auc', value: pooled.prAuc, digits: 4 },
    ],
    values: {
      roc_auc: pooled.rocAuc,
      pr_auc: pooled.prAuc,
      mean_roc_auc: perQuestion.rocAuc,
      mean_pr_auc: perQuestion.prAuc,
      base_rate: counts.nScoredFrames === 0 ? null : counts.nPositiveFrames / counts.nScoredFrames,
      timing_recall: timing?.recall ?? null,
      timing_precision: timing?.precision ?? null,
      timing_f1: timing?.f1 ?? null,
    },
    tables: {
      decisions: [
        decisionRow('this run', decisions),
        decisionRow('always silent', alwaysSilent(decisions)),
        decisionRow('always speaking', alwaysSpeaking(decisions)),
      ],
    },
    exampleMetric: 'roc_auc',
    examples: result.examples,
  };
}

function decisionRow(system: string, counts: DecisionCounts): ReportRow {
  const { accuracy, balancedAccuracy, precision, recall, f1, spoken } = decisionFigures(counts);
  return { system, accuracy, balanced_accuracy: balancedAccuracy, precision, recall, f1, spoken };
}

function notesOf({ counts, decisions }: TriggerResult, options: TriggerOptions): string[] {
  const { nUnscoredFrames, nQuestionsWithBoth, nMissing } = counts;
  return [
    ...(counts.nScoredFrames === 0
      ? ['no prediction has scores of frames (debug_data), so only the replies are scored']
      : [accuracyNote(decisions, options)]),
    `the mean is over the ${nQuestionsWithBoth} questions with frames of both kinds`,
    ...(nUnscoredFrames > 0 ? [`${nUnscoredFrames} frames lack a score, which counts as 0`] : []),
    ...(nMissing > 0
      ? [`${nMissing} questions have no prediction; only timing can count them, as silence`]
      : []),
  ];
}

/** Accuracy alone would recommend never to speak. */
function accuracyNote(decisions: DecisionCounts, { decisionThreshold }: TriggerOptions): string {
  const percentRight = (counts: DecisionCounts) => {
    const { accuracy } = decisionFigures(counts);
    return `${formatValue(accuracy === null ? null : accuracy * 100, 1)} %`;
  };
  return (
    'accuracy rewards silence: a system that never speaks is right at ' +
    `${percentRight(alwaysSilent(decisions))} of the frames, ` +
    `this run at threshold ${decisionThreshold} at ${percentRight(decisions)}`
  );
}
