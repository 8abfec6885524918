import type { ClipScore } from './score/score-clip.js';

/** A false reply as an example: to what it was said, when, and what is wrong with it. */
export interface Mistake {
  readonly video: string;
  readonly time: number;
  /** Null where nobody asked anything. */
  readonly question: string | null;
  readonly reply: string;
  readonly reason: string;
}

/** How many are shown, and of one clip. */
const most = 12;
const mostOfClip = 3;

/**
 * False replies, those first that are hardest to forgive: about things that were never there, to questions
 * that nothing answers, and numbers by how far they are off.
 */
export function worstMistakes(scores: readonly ClipScore[]): readonly Mistake[] {
  const mistakes = scores.flatMap((score) =>
    score.replies
      .filter(({ grade }) => grade === 'false')
      .map(({ time, content, reason }) => ({
        weight: weightOf(score, reason),
        mistake: {
          ...{ video: score.clip.video, time, reply: content, reason },
          question: score.question.text ?? null,
        },
      })),
  );
  const chosen: Mistake[] = [];
  for (const { mistake } of mistakes.toSorted((one, other) => other.weight - one.weight)) {
    const alike = chosen.some(({ video, reply }) => video === mistake.video && reply === mistake.reply);
    const ofClip = chosen.filter(({ video }) => video === mistake.video).length;
    if (!alike && ofClip < mostOfClip && chosen.length < most) chosen.push(mistake);
  }
  return chosen;
}

function weightOf({ wanted, question, answer }: ClipScore, reason: string): number {
  if (wanted.length === 0 && question.kind === 'narrate') return 5;
  if (question.kind === 'never') return 4;
  if (reason.includes('none')) return 3;
  return answer === null ? 1 : 1 + (answer.off ?? 0) / 2;
}
