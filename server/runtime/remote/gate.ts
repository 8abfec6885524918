import type { Picture } from '../../video/frame.js';
import { gridOf, pictureChange, type PictureGrid } from '../../video/pictures/picture-change.js';
import { isApart } from './apart.js';

/** Spares requests about pictures that show what was asked about before. */
export class Gate {
  readonly #settings: GateSettings;
  #asked: { readonly grid: PictureGrid; readonly time: number | null } | null = null;
  /** On the video's clock; null while nobody looks away. */
  #awayUntil: number | null = null;
  /** When somebody was last asked, with or without an answer. */
  #triedAt: number | null = null;

  constructor(settings: GateSettings) {
    this.#settings = settings;
  }

  /** Whether a picture is worth a request. */
  look(picture: Picture, news: GateNews): GateLook {
    const grid = gridOf(picture);
    const time = picture.videoTime ?? null;
    const change = this.#asked === null ? null : pictureChange(this.#asked.grid, grid);
    return {
      spared:
        this.#spared(grid, time, news) ??
        (isApart(this.#triedAt, time, this.#settings.atMostEvery) ? null : 'later'),
      change,
      ask: () => {
        this.#triedAt = time;
      },
      pass: (lookAway) => {
        this.#asked = { grid, time };
        this.#awayUntil = lookAway === null || time === null ? null : time + lookAway;
      },
    };
  }

  #spared(
    grid: PictureGrid,
    time: number | null,
    { anew, happened }: GateNews,
  ): 'unchanged' | 'later' | null {
    const before = this.#asked;
    if (before === null || anew || this.#isOverdue(before.time, time)) return null;
    if (pictureChange(before.grid, grid) < this.#settings.change) return 'unchanged';
    // Another scene is news whatever was said of the one before, and whatever a detector knows of it.
    if (meanChange(before.grid, grid) >= otherScene) return null;
    if (time !== null && this.#awayUntil !== null && time < this.#awayUntil) return 'later';
    return happened === false ? 'unchanged' : null;
  }

  #isOverdue(before: number | null, now: number | null): boolean {
    if (before === null || now === null) return false;
    // A clock that has gone back is that of another video.
    return now < before || now - before >= this.#settings.atLeastEvery;
  }
}

/** When a request is spared. */
interface GateSettings {
  /** Least change of the picture, from 0 to 1; 0 asks about every picture. */
  readonly change: number;
  /** Seconds of video after which a picture is asked about even if nothing has changed. */
  readonly atLeastEvery: number;
  /**
   * Seconds of video for which nobody is asked again, whatever happens; 0 where every picture may be asked
   * about.
   */
  readonly atMostEvery: number;
}

/** What is known besides the picture. */
interface GateNews {
  /** Whether something was said since the last request. */
  readonly anew: boolean;
  /** Whether a detector saw something come or go since then; null without one. */
  readonly happened: boolean | null;
}

/** What the gate says of a picture. */
export interface GateLook {
  /** Why no request is needed; null if one is. */
  readonly spared: 'unchanged' | 'later' | null;
  /** From 0 to 1, against the last picture that was asked about; null before the first. */
  readonly change: number | null;
  /** The picture is being asked about, whether or not there will be an answer. */
  readonly ask: () => void;
  /** It was asked about, and is what later ones are compared with; seconds for which nobody need look. */
  readonly pass: (lookAway: number | null) => void;
}

/** Mean change of all cells, from 0 to 1, that makes another scene of a picture. */
const otherScene = 0.15;

function meanChange(before: PictureGrid, after: PictureGrid): number {
  let sum = 0;
  for (const [index, value] of after.means.entries()) sum += Math.abs(value - (before.means[index] ?? 0));
  return sum / after.means.length / 255;
}
