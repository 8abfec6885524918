import type { Picture } from '../../video/frame.js';
import { gridOf, pictureChange, type PictureGrid } from '../../video/pictures/picture-change.js';

/** Spares requests about pictures that show what was asked about before. */
export class Gate {
  readonly #settings: GateSettings;
  #asked: { readonly grid: PictureGrid; readonly time: number | null } | null = null;

  constructor(settings: GateSettings) {
    this.#settings = settings;
  }

  /** Whether a picture is worth a request; `anew` if something was said since the last one. */
  look(picture: Picture, anew: boolean): GateLook {
    const grid = gridOf(picture);
    const before = this.#asked;
    const time = picture.videoTime ?? null;
    const change = before === null ? null : pictureChange(before.grid, grid);
    const isDue =
      before === null ||
      anew ||
      change === null ||
      change >= this.#settings.change ||
      // A clock that has gone back is that of another video.
      (time !== null &&
        before.time !== null &&
        (time < before.time || time - before.time >= this.#settings.atLeastEvery));
    return { isDue, change, pass: () => (this.#asked = { grid, time }) };
  }
}

/** When a request is spared. */
interface GateSettings {
  /** Least change of the picture, from 0 to 1; 0 asks about every picture. */
  readonly change: number;
  /** Seconds of video after which a picture is asked about even if nothing has changed. */
  readonly atLeastEvery: number;
}

/** What the gate says of a picture. */
interface GateLook {
  readonly isDue: boolean;
  /** From 0 to 1, against the last picture that was asked about; null before the first. */
  readonly change: number | null;
  /** The picture was asked about, and is what later ones are compared with. */
  readonly pass: () => void;
}
