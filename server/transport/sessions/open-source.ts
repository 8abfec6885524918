import type { RequestedSampling } from '../../video/sampling/sampling-options.js';
import type { FrameStream } from '../../video/stream.js';
import type { ClientRequest } from '../wire.js';

/**
 * Opens what a client asks for, once it is sure that the client may have it.
 * Throws 'not_found', 'invalid_request', 'unsupported' or 'source_failed'; 'cancelled' when aborted.
 */
export type OpenSource = (
  request: SourceRequest,
  sampling: AskedSampling,
  signal: AbortSignal,
) => Promise<OpenedSource>;

/** A client's wish to watch a source. */
export type StartRequest = Extract<ClientRequest, { type: 'source.start' }>;

/** The source a client asks for. */
export type SourceRequest = StartRequest['source'];

/**
 * How the source is to be sampled: what the session and its model need, and what the client asked for. The
 * rest is for the source to choose.
 */
export interface AskedSampling extends Pick<RequestedSampling, 'fps' | 'side'> {
  readonly sampler: StartRequest['sampler'];
  readonly maxFrames: StartRequest['maxFrames'];
  readonly pacing: StartRequest['pacing'];
}

/** A source that is ready to be watched. */
export interface OpenedSource {
  /** Disposing of it gives back all that was taken for the source. */
  readonly stream: FrameStream;
  /** How the source is called in the session's record. */
  readonly name: string;
  /** Whether its frames come at the pace of the wall clock, so that falling behind matters. */
  readonly realtime: boolean;
  /**
   * Takes pushed pictures as they are on the wire; null where the source brings its own. Throws for one that
   * is skipped; the source goes on.
   */
  readonly push: ((message: Uint8Array) => Promise<void>) | null;
}
