import type { Picture } from '../../../video/frame.js';
import type { FrameScores } from '../../model.js';
import type { KeyValueCache } from '../graphs/cache.js';

/**
 * The frames behind the one that made the model speak. They were computed in the same call and are cut off
 * for the reply; if that is removed again, the context is as they found it, and their rows and scores hold.
 */
export class FramesAhead {
  /** The frames of the last call, which end the context. */
  #appended: readonly AppendedFrame[] = [];
  /** Those that were cut off, and the place behind which they belong. */
  #cutOff: { readonly place: number; readonly frames: readonly CutOffFrame[] } | null = null;

  /** Those of `pictures`, from the first on, that are known at `place`. */
  known(place: number, pictures: readonly Picture[]): readonly CutOffFrame[] {
    const frames = this.#cutOff?.place === place ? this.#cutOff.frames : [];
    const differs = frames.findIndex(({ id }, index) => id === undefined || id !== pictures[index]?.id);
    return differs < 0 ? frames : frames.slice(0, differs);
  }

  /** Notes frames that were appended in one call. */
  append(frames: readonly AppendedFrame[]): void {
    this.#appended = frames;
    this.#cutOff = null;
  }

  /** Notes that a context is about to be cut back to `place`, where its cache has `row` rows. */
  cutBackTo(place: number, row: number, cache: KeyValueCache): void {
    const last = this.#appended.findIndex(({ end }) => end === place);
    if (last >= 0)
      this.#cutOff = { place, frames: copied(this.#appended.slice(last + 1), place, row, cache) };
    else if (this.#cutOff !== null && place < this.#cutOff.place) this.#cutOff = null;
    this.#appended = this.#appended.filter(({ end }) => end < place);
  }

  forget(): void {
    this.#appended = [];
    this.#cutOff = null;
  }
}

/** A frame in a context. */
interface AppendedFrame {
  /** That of its picture. */
  readonly id: Picture['id'] | undefined;
  readonly scores: FrameScores;
  /** The place where it ends. */
  readonly end: number;
}

/** A frame that is not in the context any more. */
interface CutOffFrame extends AppendedFrame {
  /** Its rows of each slot of the cache. */
  readonly rows: readonly Float32Array[];
}

function copied(
  frames: readonly AppendedFrame[],
  place: number,
  row: number,
  cache: KeyValueCache,
): readonly CutOffFrame[] {
  const rowAt = (end: number) => row + end - place;
  const begins = [place, ...frames.map(({ end }) => end)];
  return frames.map((frame, index) => ({
    ...frame,
    rows: cache.copy(rowAt(begins[index] ?? place), rowAt(frame.end)),
  }));
}
