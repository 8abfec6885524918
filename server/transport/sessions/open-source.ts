import type { SessionOwner } from '../../duet/record/session-state.js';
import type { RequestedSampling } from '../../video/sampling/sampling-options.js';
import type { FrameStream, StreamNotice } from '../../video/stream.js';
import type { ClientRequest } from '../wire.js';

/**
 * Opens a source that a client asks for, after checking that it is allowed. `hear` learns of attempts before
 * it is open; afterwards its stream tells. `tell` learns where a sender is to push, if one is waited for.
 * Throws 'not_found', 'invalid_request', 'unsupported' or 'source_failed'; 'cancelled' when aborted.
 */
export type OpenSource = (
  request: SourceRequest,
  sampling: AskedSampling,
  signal: AbortSignal,
  hear?: (notice: StreamNotice) => void,
  tell?: TellWaiting,
) => Promise<OpenedSource>;

/** Learns where the sender of a source is to push. */
export type TellWaiting = (waiting: WaitingForSender) => void;

/** Where the sender that a source waits for is to push. */
export interface WaitingForSender {
  /** For SRT with the key in it. */
  readonly url: string;
  readonly key: string;
  /** Milliseconds until the key is void, if it is not used. */
  readonly expiresInMs: number;
}

/** A client's request to watch a source. */
export type StartRequest = Extract<ClientRequest, { type: 'source.start' }>;

/** The source a client asks for. */
export type SourceRequest = StartRequest['source'];

/**
 * The requested sampling: what the session, its model and the client specify. The source chooses the rest.
 */
export interface AskedSampling extends Pick<RequestedSampling, 'fps' | 'side' | 'fit' | 'detail'> {
  readonly sampler: StartRequest['sampler'];
  readonly maxFrames: StartRequest['maxFrames'];
  readonly pacing: StartRequest['pacing'];
  readonly maxReconnects: StartRequest['maxReconnects'];
  /** Whose session it is: sources are shared only between sessions of one owner. */
  readonly owner: SessionOwner;
  /** Media time in seconds at which a recording begins; default its beginning. */
  readonly from?: number;
}

/** A source that is ready to be watched. */
export interface OpenedSource {
  /** Disposing of it releases everything reserved for the source. */
  readonly stream: FrameStream;
  /** The source's name in the session's record. */
  readonly name: string;
  /** Whether its frames come at the pace of the wall clock, so that falling behind matters. */
  readonly realtime: boolean;
  /**
   * Accepts pushed pictures in wire format; null if the source has its own. Throws when a picture is skipped;
   * the source goes on.
   */
  readonly push: ((message: Uint8Array) => Promise<void>) | null;
  /** Resolves when more may be pushed; default at once. */
  readonly room?: () => Promise<void>;
  /** No more will be pushed; what waits is still watched. */
  readonly finish?: () => void;
}
