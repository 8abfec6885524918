import { share } from './share.js';
import type { TellingFigures } from '../figures.js';
import { isRight, type QuestionFacts } from './question-facts.js';
import { lengthOf, sortedByLabel } from './slices.js';

/**
 * How much of what was asked for was told, and how much of what was told was right, by what is known of the
 * questions. Other than the slices it counts the replies to questions that nothing answers.
 */
export function tellingOf(
  facts: readonly QuestionFacts[],
): Readonly<Record<string, readonly TellingFigures[]>> {
  const labelled = facts.filter(({ labels }) => labels !== null);
  return {
    all: [tellingFigures('all', facts)],
    clip_length: by(facts, lengthOf),
    ...(labelled.length > 0 && {
      question_kind: by(labelled, ({ labels }) => labels?.type ?? ''),
      language: by(labelled, ({ labels }) => labels?.language ?? ''),
    }),
  };
}

function by(
  facts: readonly QuestionFacts[],
  labelOf: (facts: QuestionFacts) => string,
): readonly TellingFigures[] {
  const labels = [...new Set(facts.map(labelOf))];
  return sortedByLabel(
    labels.map((label) =>
      tellingFigures(
        label,
        facts.filter((own) => labelOf(own) === label),
      ),
    ),
  );
}

function tellingFigures(label: string, facts: readonly QuestionFacts[]): TellingFigures {
  const sum = (count: (facts: QuestionFacts) => number) =>
    facts.reduce((total, own) => total + count(own), 0);
  const [replies, right] = [sum((own) => own.replies), sum((own) => own.right)];
  const minutes = sum(({ watched }) => watched) / 60;
  const gold = facts.flatMap((own) => own.gold);
  const unanswerable = facts.filter((own) => own.gold.length === 0);
  return {
    ...{ label, questions: facts.length, gold_answers: gold.length, replies },
    recall: share(gold, isRight),
    precision: replies === 0 ? null : right / replies,
    wrong_a_minute: minutes === 0 ? null : (replies - right) / minutes,
    unanswerable: unanswerable.length,
    kept_silent: share(unanswerable, (own) => own.replies === 0),
  };
}
