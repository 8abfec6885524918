import type { Turn } from '../state/view.js';

/** One thing said, on the clock of the video; times are seconds. */
export interface Spoken {
  readonly who: 'You' | 'Duet';
  readonly text: string;
  readonly from: number;
  /** End of the time on screen as a subtitle. */
  readonly to: number;
}

/** Characters a person reads in a second, and the least seconds a subtitle stays. */
const readingSpeed = 15;
const leastSeconds = 2;

/**
 * What was said, in the order of the video. A subtitle stays as long as it takes to read, and gives way to the next one;
 * things said at the same moment stay together.
 */
export function spokenTurns(turns: readonly Turn[]): readonly Spoken[] {
  const said = turns.flatMap((turn) => {
    const text = turn.type === 'note' ? '' : turn.text.trim();
    if (turn.type === 'note' || turn.videoTime === null || text === '') return [];
    return [
      { who: turn.type === 'reply' ? ('Duet' as const) : ('You' as const), text, from: turn.videoTime },
    ];
  });
  const ordered = said.toSorted((a, b) => a.from - b.from);
  return ordered.map((entry) => {
    const next = ordered.find((other) => other.from > entry.from)?.from ?? Infinity;
    const read = entry.from + Math.max(leastSeconds, entry.text.length / readingSpeed);
    return { ...entry, to: Math.min(next, read) };
  });
}
