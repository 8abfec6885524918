import { roundingGuard } from './selection.js';
import type { Picture } from '../frame.js';
import type { SourceNotes } from './source-notes.js';
import type { TimedPicture } from './steady-clock.js';

/**
 * The first picture of each interval [k/F, (k+1)/F). An interval without one shows, at k/F, the picture that
 * stands then, as a player would; at most for {@link longestHold}, then time goes on with the next picture.
 */
export async function* atTicks(
  pictures: AsyncIterable<TimedPicture>,
  { fps, hold }: TickOptions,
  notes: SourceNotes,
): AsyncGenerator<TimedPicture> {
  let shown: TimedPicture | undefined;
  let tick = -Infinity;
  for await (const next of pictures) {
    const due = tickAt(next.videoTime, fps);
    if (hold && shown !== undefined && due > tick + 1) {
      const standing = next.standing === undefined ? undefined : await hold.pictureAt(next.standing);
      yield* held(standing ?? shown.picture, { from: tick + 1, to: due, fps }, notes);
    }
    if (due > tick) yield next;
    shown = next;
    tick = Math.max(tick, due);
  }
  const end = hold?.end() ?? null;
  if (!hold || shown === undefined || end === null || end - (tick + 1) / fps < shortestTail) return;
  const last = await hold.lastPicture(shown.videoTime);
  yield* held(
    last ?? shown.picture,
    { from: tick + 1, to: Math.ceil(end * fps - roundingGuard), fps },
    notes,
  );
}

/** Seconds for which a picture is held at most: a damaged time must not make millions of frames. */
export const longestHold = 600;

/** How pictures become one frame a tick, F ticks a second. */
export interface TickOptions {
  readonly fps: number;
  /**
   * How the pictures that stood during gaps are found; absent where missed ticks are skipped, as of a live
   * stream.
   */
  readonly hold?: {
    /** The picture that stood at a time on the container's clock; undefined where it cannot be had. */
    readonly pictureAt: (time: number) => Promise<Picture | undefined>;
    /**
     * Seconds at which the video ends, asked once its pictures have; null where that is not known for sure.
     */
    readonly end: () => number | null;
    /** The last picture of the video; undefined where it cannot be had. */
    readonly lastPicture: (since: number) => Promise<Picture | undefined>;
  };
}

/** Seconds; the sound of most videos outlasts the pictures a little, which is no still picture yet. */
const shortestTail = 1;

/** The tick whose interval holds a time (seconds). */
export function tickAt(videoTime: number, fps: number): number {
  return Math.floor((videoTime + roundingGuard) * fps);
}

function* held(
  picture: Picture,
  { from, to, fps }: { from: number; to: number; fps: number },
  notes: SourceNotes,
): Generator<TimedPicture> {
  const until = Math.min(to, from + Math.floor(longestHold * fps));
  for (let tick = from; tick < until; tick += 1) {
    // Each frame has memory of its own, as its reader may hand it over to another thread.
    yield { picture: { ...picture, rgb: new Uint8Array(picture.rgb) }, videoTime: tick / fps };
  }
  if (until < to) notes.skipped(until / fps, to / fps);
}
