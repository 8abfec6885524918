import type { Picture } from '../../video/frame.js';
import type { ReadLine } from './read-line.js';

/** Reads the text in pictures; shared by the sessions of a model, which take turns. */
export interface TextReader {
  /**
   * Waits for its turn, asks for the picture and reads it. Lines that look as they did in `known` are not
   * read again. Resolves with null where no picture is given; rejects with 'cancelled' when `signal` aborts,
   * 'model_failed' when reading fails.
   */
  read(request: ReadRequest, signal: AbortSignal): Promise<readonly ReadLine[] | null>;
}

/** What is to be read. */
export interface ReadRequest {
  /** Asked for when its turn has come, so that it is the newest. */
  readonly picture: () => Promise<Picture | null>;
  readonly known: readonly ReadLine[];
  /**
   * `now`: somebody waits for it; `spare`: in the share of a processor that reading may take without being
   * asked for.
   */
  readonly urgency: 'now' | 'spare';
}
