import { DuetError } from '../../errors.js';
import type { Verdict } from './judge-load.js';
import type { WantedSource } from './worker-sources.js';

/**
 * The error for a source that is not admitted, or a question that would make one too large: how busy the
 * server is, what was asked, and what would help.
 */
export function busyError(
  asked: 'source' | 'question',
  refused: Refusal,
  wanted: WantedSource,
  load: WatchedLoad,
): DuetError {
  const { sources, lateMs, expectedCores, cores } = load;
  const watched = sources === 1 ? '1 source' : `${sources} sources`;
  const lateness = lateMs === null ? '' : `, whose frames are up to ${round(lateMs)} ms late`;
  return new DuetError(
    'busy',
    `This ${asked} would make others late: the server watches ${watched} in real time${lateness}, and needs ` +
      `${round(expectedCores, 100)} of ${cores} cores for it; ${reasonOf(refused, wanted, load)}. ` +
      (asked === 'source' ? remedy(refused, wanted) : remedyOfQuestion),
    { retryAfterMs },
  );
}

/** How busy a machine is with sources in real time. */
export interface WatchedLoad {
  readonly sources: number;
  /** How late 99 of 100 frames of the last seconds were at most, from their time to their score. */
  readonly lateMs: number | null;
  /** Cores there are, and those that the sources are expected to take. */
  readonly cores: number;
  readonly expectedCores: number;
  /** How late frames may be. */
  readonly targetMs: number;
}

type Refusal = Extract<Verdict, { admitted: false }>;

function reasonOf(
  refused: Refusal,
  { model, fps, contexts }: WantedSource,
  { targetMs }: WatchedLoad,
): string {
  const { name } = model.capabilities;
  if (refused.because === 'late') return `${targetMs} ms is the limit`;
  const frameMs = model.load?.frameMs ?? 0;
  const each = contexts() === 1 ? '' : ` for each of ${contexts()} contexts`;
  return `${fps} fps at ${round(frameMs, 10)} ms a frame${each} with ${name} do not fit beside them`;
}

function remedy(refused: Refusal, { fps }: WantedSource): string {
  const fitting = refused.because === 'late' ? 0 : Math.floor(refused.fits * fps * 10) / 10;
  const fewer = fitting >= 0.1 ? `Ask for at most ${fitting} fps` : 'Try again later, ask for fewer fps';
  return `${fewer}, ${otherRemedies}.`;
}

const otherRemedies = 'choose a smaller model, or serve with more workers on a machine with more cores';

const remedyOfQuestion = `Remove another question first, try again later, ${otherRemedies}.`;

function round(value: number, parts = 1): number {
  return Math.round(value * parts) / parts;
}

/** When measured load may have changed, in milliseconds. */
const retryAfterMs = 10_000;
