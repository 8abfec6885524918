import { mean } from '../../../server/scoring/statistics/mean.js';
import type { SliceFigures } from '../figures.js';
import type { QuestionFacts } from './question-facts.js';
import { share } from './share.js';

/** A gold span without a reply counts as the lowest rating, as in the in-span score. */
const lowest = 1;
/** Bands of clip lengths: from so many seconds on. */
const bands = [
  { from: 0, label: 'under 20 s' },
  { from: 20, label: '20 to 40 s' },
  { from: 40, label: '40 to 80 s' },
  { from: 80, label: '80 s to 3 min' },
  { from: 180, label: 'over 3 min' },
];

/** One gold answer, or one question with all of its gold answers. */
interface Sliced {
  readonly label: string;
  readonly gold: QuestionFacts['gold'];
}

/**
 * In-span score and recall by every known property of questions and answers; slicings without labels are left
 * out.
 */
export function slicesOf(facts: readonly QuestionFacts[]): Readonly<Record<string, readonly SliceFigures[]>> {
  const slicings = {
    event_kind: facts.flatMap(byKind),
    question_kind: by(facts, ({ labels }) => labels?.type),
    language: by(facts, ({ labels }) => labels?.language),
    clip_length: by(facts, lengthOf),
    time_of_asking: by(facts, ({ labels }) => labels?.asked),
  };
  const filled = Object.entries(slicings).filter(([, items]) => items.length > 0);
  return Object.fromEntries(filled.map(([name, items]) => [name, sliceFigures(items)]));
}

/** The band of a question's clip length. */
export function lengthOf({ duration }: Pick<QuestionFacts, 'duration'>): string {
  return bands.findLast(({ from }) => duration >= from)?.label ?? '';
}

/** Lengths by length, all other labels alphabetically. */
export function sortedByLabel<Item extends { readonly label: string }>(items: readonly Item[]): Item[] {
  const place = (label: string): number => bands.findIndex((band) => band.label === label);
  return items.toSorted(
    (one, other) => place(one.label) - place(other.label) || (one.label < other.label ? -1 : 1),
  );
}

function by(
  facts: readonly QuestionFacts[],
  labelOf: (facts: QuestionFacts) => string | undefined,
): Sliced[] {
  return facts.flatMap((question) => {
    const label = labelOf(question);
    return label === undefined || question.gold.length === 0 ? [] : [{ label, gold: question.gold }];
  });
}

function byKind({ labels, gold }: QuestionFacts): Sliced[] {
  return gold.flatMap((rating, index) => {
    const label = labels?.kinds?.[index];
    return label === undefined ? [] : [{ label, gold: [rating] }];
  });
}

function sliceFigures(items: readonly Sliced[]): SliceFigures[] {
  const labels = [...new Set(items.map(({ label }) => label))];
  const figures = labels
    .map((label) => ({ label, group: items.filter((item) => item.label === label) }))
    .map(({ label, group }) => ({
      label,
      n: group.length,
      in_span: mean(group.map(({ gold }) => mean(gold.map((rating) => rating ?? lowest)))),
      recall: share(
        group.flatMap(({ gold }) => gold),
        (rating) => rating !== null,
      ),
    }));
  return sortedByLabel(figures);
}
