import type { CaptionOutcome } from '../../captioning/plan.js';
import { alignRows } from '../../scoring/report/align-rows.js';
import { clockTime, printable } from '../watch/terminal-text.js';

/** What became of all videos, for a terminal. `seconds` is how long it took. */
export function summaryOf(outcomes: readonly CaptionOutcome[], seconds: number): CaptionSummary {
  const rows = outcomes.map(rowOf);
  const failed = outcomes.filter(({ type }) => type === 'failed').length;
  const captioned = outcomes.filter((outcome) => outcome.type === 'captioned');
  const earlier = captioned.filter((outcome) => outcome.earlier).length;
  const played = captioned
    .filter((outcome) => !outcome.earlier)
    .reduce((sum, { duration }) => sum + duration, 0);
  const before = earlier === 0 ? '' : ` (${earlier} of them before)`;
  const speed = played === 0 ? '' : `, ${(played / seconds).toFixed(1)} times as fast as the videos play`;
  return {
    table: alignRows([['video', 'length', 'captions', 'result'], ...rows]).join('\n'),
    totals: `captioned ${captioned.length} of ${outcomes.length}${before}, ${failed} failed${speed}`,
    complaints: outcomes.flatMap(complaintsOf),
  };
}

/** What is printed at the end. */
interface CaptionSummary {
  readonly table: string;
  readonly totals: string;
  /** Why videos failed, and which may be damaged. */
  readonly complaints: readonly string[];
}

function rowOf(outcome: CaptionOutcome): readonly string[] {
  const name = printable(outcome.video.name);
  switch (outcome.type) {
    case 'captioned':
      return [
        name,
        clockTime(outcome.duration),
        String(outcome.captions),
        outcome.earlier ? 'done before' : 'done',
      ];
    case 'failed':
      return [name, '-', '-', 'failed'];
    default:
      return outcome satisfies never;
  }
}

function complaintsOf(outcome: CaptionOutcome): readonly string[] {
  const name = printable(outcome.video.name);
  if (outcome.type === 'failed') return [`failed ${name}: ${outcome.reason}`];
  const [first] = outcome.warnings;
  return first === undefined ? [] : [`${name} may be damaged; the decoder says: ${first}`];
}
