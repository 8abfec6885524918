import type { Picture } from '../../video/frame.js';
import type { ReadLine } from '../reader/read-line.js';

/** What a reader's thread is started with. */
export interface ReaderStart {
  /** Threads of each call of a graph. */
  readonly threads: number;
}

/** Messages to a reader's thread, one at a time. */
export type ToReader =
  | { readonly type: 'read'; readonly picture: Picture; readonly known: readonly ReadLine[] }
  /** Free everything and exit. */
  | { readonly type: 'stop' };

/** Messages from it: `loaded` once, then an answer to each `read`. */
export type FromReader =
  | { readonly type: 'loaded' }
  | { readonly type: 'lines'; readonly lines: readonly ReadLine[] }
  | { readonly type: 'failed'; readonly message: string };
