import type { DuetError } from '../../errors.js';
import type { SessionEvent } from './events.js';

/**
 * Where the record of one session is kept beyond memory. Readers see an event only once the archive has
 * released it, so whatever a client has seen can be read again.
 *
 * - `append` takes every event in order and never throws or waits.
 * - An archive that cannot write tells so, releases events unwritten and keeps trying.
 */
export interface EventArchive {
  /** Names the one listener; called before the first `append`. */
  listen(listener: ArchiveListener): void;
  append(event: SessionEvent): void;
  /** The kept events with numbers above `after` and up to `upTo`, in order; there may be gaps. */
  read(after: number, upTo: number): AsyncIterable<SessionEvent>;
  /** Writes what is left and lets go of the files; safe to call more than once. */
  close(): Promise<void>;
}

/** What an archive tells the session it keeps. */
export interface ArchiveListener {
  /** Everything up to this number may be read from now on. */
  released(seq: number): void;
  /** Events can no longer be written; they are released all the same. */
  failed(error: DuetError): void;
  /** Events are written again; so many could not be kept meanwhile. */
  recovered(missedEvents: number): void;
}

/** Where a session that is opened again goes on. */
export interface RecordedPlace {
  /** The number of its newest event. */
  readonly seq: number;
  /** Milliseconds since it was first opened. */
  readonly elapsedMs: number;
}
