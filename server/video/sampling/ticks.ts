import { roundingGuard } from './selection.js';
import type { Picture } from '../frame.js';
import type { SourceNotes } from './source-notes.js';
import type { TimedPicture } from './steady-clock.js';

/**
 * The first picture of each interval [k/F, (k+1)/F). For an interval without one it repeats, at k/F, the
 * picture still showing then, as a player would; after {@link longestHold} time jumps to the next picture.
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

/** Seconds for which a picture is held at most: a damaged time must not create millions of frames. */
export const longestHold = 600;

/** How pictures become one frame per tick, at F ticks a second. */
export interface TickOptions {
  readonly fps: number;
  /** How to find the pictures shown during gaps; absent if missed ticks are skipped, as in a live stream. */
  readonly hold?: {
    /** The picture shown at a time on the container's clock; undefined when it cannot be fetched. */
    readonly pictureAt: (time: number) => Promise<Picture | undefined>;
    /** Seconds at which the video ends, called after its last picture; null when not known for certain. */
    readonly end: () => number | null;
    /** The last picture of the video; undefined when it cannot be fetched. */
    readonly lastPicture: (since: number) => Promise<Picture | undefined>;
  };
}

/** Seconds. In most videos the sound outlasts the pictures a little; that is not yet a still picture. */
const shortestTail = 1;

/** The tick whose interval contains a time (seconds). */
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
    // Each frame has its own memory, because its reader may transfer it to another thread.
    yield { picture: { ...picture, rgb: new Uint8Array(picture.rgb) }, videoTime: tick / fps };
  }
  if (until < to) notes.skipped(until / fps, to / fps);
}
