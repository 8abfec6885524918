import type { FrameStream, RequestedSampling } from '../../video/stream.js';
import type { ClientRequest } from '../wire.js';

/** The source a client asks for. */
export type SourceRequest = Extract<ClientRequest, { type: 'source.start' }>['source'];

/** A source that is ready to be watched. */
export interface OpenedSource {
  readonly stream: FrameStream;
  /** How the source is called in the session's record. */
  readonly name: string;
  /**
   * Takes pushed pictures as they are on the wire; null where the source brings its own. Throws for one that
   * is skipped; the source goes on.
   */
  readonly push: ((message: Uint8Array) => Promise<void>) | null;
  /** Gives back what was taken for the source; called once, after the stream's disposal. */
  readonly release?: () => void;
}

/**
 * Opens what a client asks for, once it is sure that the client may have it.
 * Throws 'not_found', 'invalid_request', 'unsupported' or 'source_failed'; 'cancelled' when aborted.
 */
export type OpenSource = (
  request: SourceRequest,
  sampling: RequestedSampling,
  signal: AbortSignal,
) => Promise<OpenedSource>;
