import type { Unplayable } from '../../scoring/data/played.js';

/** How many are named before the rest is only counted. */
const most = 10;

/** Names the questions that were not played, and why. */
export function tellUnplayable(unplayable: readonly Unplayable[], tell: (message: string) => void): void {
  for (const { questionId, reason } of unplayable.slice(0, most)) {
    tell(`${String(questionId).slice(0, 200)} was not played: ${reason}`);
  }
  if (unplayable.length > most) {
    tell(`${unplayable.length - most} more were not played; the report lists all of them`);
  }
}
