import type { Figures, SliceFigures, TellingFigures, VariantFigures } from '../figures.js';
import { variantsWith } from '../variants.js';
import { percent, show, table, withRange } from './show.js';

type Row = (figures: VariantFigures) => readonly string[] | null;

/** The variants as rows of a table; those without the figures of the table are left out. */
function variantTable({ variants, second }: Figures, head: readonly string[], row: Row): string {
  const rows = variantsWith(second?.precision ?? null).flatMap(({ name, title }) => {
    const figures = variants[name];
    const cells = figures === undefined ? null : row(figures);
    return cells === null ? [] : [[title, ...cells]];
  });
  return table(['', ...head], rows);
}

/** Answering, beside baselines, ablations and silence. */
export function answeringTable(figures: Figures): string {
  const head = [
    'in-span',
    'PAUC',
    'turns per gold answer',
    'distinct',
    'duplicates',
    'out of span',
    'spans with a reply',
  ];
  const rows = variantTable(figures, head, ({ answering, proactive }) =>
    answering === undefined
      ? null
      : [
          withRange(answering.in_span, answering.in_span_range),
          show(proactive?.pauc, 3),
          show(answering.turns_per_gold),
          show(answering.distinct_turns_per_gold),
          percent(answering.duplicate_ratio),
          percent(answering.out_of_span_ratio),
          percent(answering.recall),
        ],
  );
  const { in_span: score, pauc } = figures.silence;
  const silence = ['silence', show(score), show(pauc, 3), show(0), show(0), '-', '-', percent(0)];
  return `${rows}\n| ${silence.join(' | ')} |`;
}

/** Dense captioning. */
export function captionTable(figures: Figures): string {
  return variantTable(figures, ['SODA_c', 'METEOR', 'CIDEr', 'F1'], ({ captions }) =>
    captions === undefined
      ? null
      : [show(captions.soda_c, 1), show(captions.meteor, 1), show(captions.cider, 1), show(captions.f1, 1)],
  );
}

/** The benchmarks scored from frame scores only. */
export function scoresTable(figures: Figures): string {
  const head = ['grounding R@0.5', 'R@0.7', 'mean IoU', 'highlight mAP', 'HIT@1'];
  return variantTable(figures, head, ({ grounding, highlights }) =>
    grounding === undefined
      ? null
      : [
          show(grounding['recall@0.5'], 1),
          show(grounding['recall@0.7'], 1),
          show(grounding.mean_iou, 1),
          show(highlights?.map, 1),
          show(highlights?.hit_at_1, 1),
        ],
  );
}

/** One slicing; a sentence if the split has no labels for it. */
export function sliceTable(slices: readonly SliceFigures[] | undefined, counted: string): string {
  if (slices === undefined) return 'The split does not say.';
  const rows = slices.map(({ label, n, in_span: score, recall }) => [
    label,
    String(n),
    show(score),
    percent(recall),
  ]);
  return table(['', counted, 'in-span', 'spans with a reply'], rows);
}

/** What was told of what was asked for; a sentence if the split has no labels for it. */
export function tellingTable(telling: readonly TellingFigures[] | undefined): string {
  if (telling === undefined) return 'The split does not say.';
  const head = ['questions', 'gold answers', 'told right', 'replies', 'of them right', 'wrong a minute'];
  const rows = telling.map((each) => [
    ...[each.label, String(each.questions), String(each.gold_answers), percent(each.recall)],
    ...[String(each.replies), percent(each.precision), show(each.wrong_a_minute)],
    each.unanswerable === 0 ? '-' : `${percent(each.kept_silent)} of ${each.unanswerable}`,
  ]);
  return table(['', ...head, 'silent where nothing answers'], rows);
}

/** The recommended settings of every task. */
export function settingsTable({ settings }: Figures): string {
  const rows = Object.entries(settings).map(
    ([task, { fps, heads, policy, cooldown, repeatAfter = 0, assistantTurns }]) => [
      ...[
        task,
        `${fps}`,
        heads.join(' + '),
        policyText(policy),
        `${cooldown} s`,
        repeatAfter === 0 ? 'told' : `after ${repeatAfter} s`,
        assistantTurns === 'keep' ? 'kept' : 'removed',
      ],
    ],
  );
  return table(['task', 'frames a second', 'heads', 'speaks when', 'cooldown', 'repeats', 'replies'], rows);
}

function policyText(policy: Figures['settings'][string]['policy']): string {
  switch (policy.type) {
    case 'threshold':
      return `score > ${policy.threshold}`;
    case 'sum':
      return `sum of scores > ${policy.threshold}`;
    case 'zscore':
      return `score ${policy.deviations} deviations above the last ${policy.window}`;
    case 'never':
      return 'never';
    default:
      return policy satisfies never;
  }
}
