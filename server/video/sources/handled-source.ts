import type { DuetError } from '../../errors.js';
import type { StreamNotice } from '../stream.js';
import type { openSource } from './kinds.js';
import type { RetryPolicy } from './retry.js';
import type { VideoSource } from './source.js';
import type { SourceOptions } from './source-kind.js';

/** What a `SourceHandler` plays, and how. */
export interface HandledSource {
  readonly source: VideoSource;
  /** By default the source keeps its own name and plays in real time. */
  readonly options: Omit<SourceOptions, 'name' | 'pacing'> & Partial<Pick<SourceOptions, 'name' | 'pacing'>>;
  /** Default `neverRetry`. */
  readonly retry?: RetryPolicy;
  /** Called with notices until `listen` names another listener. */
  readonly hear?: ((notice: StreamNotice) => void) | undefined;
  /** Called with each new state. */
  readonly onState?: (state: SourceState) => void;
  /** Releases what was reserved for the source; called once, when nothing reads it any more. */
  readonly release?: () => void;
  /** Opens it once; default `openSource`. */
  readonly open?: typeof openSource;
}

/**
 * Where a source is in its life.
 *
 * - `opening`: the first frame is awaited.
 * - `playing`, `paused`: frames can be read, or are held back.
 * - `reconnecting`: it failed and will be opened again after `delayMs`.
 * - `ended`: the last frame was read, or the source was disposed of.
 * - `failed`: it failed, and its retry policy gave up.
 */
export type SourceState =
  | { readonly type: 'opening' | 'playing' | 'paused' | 'ended' }
  | { readonly type: 'reconnecting'; readonly delayMs: number; readonly error: DuetError }
  | { readonly type: 'failed'; readonly error: DuetError };
