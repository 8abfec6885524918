import type { SessionRegistry } from '../../duet/registry.js';
import type { DuetSession } from '../../duet/session.js';
import { knownSettings, sessionSettings } from '../../duet/settings.js';
import { DuetError } from '../../errors.js';
import type { RecordStore } from '../../records/record-store.js';
import { endOf } from '../../records/retention.js';
import type { StoredRecord } from '../../records/stored-record.js';
import type { ModelRegistry } from '../../runtime/model-registry.js';

/**
 * Opens a session again that is known only from its record: with its model, its settings, its newest texts,
 * and its numbers and clock going on. Throws 'not_found' if its model is no longer here, 'invalid_request' if
 * its client has closed it or has not seen such an event, 'busy', and what opening throws.
 */
export async function reopenSession(record: StoredRecord, asked: Asked, parts: Parts): Promise<DuetSession> {
  const { state } = record.notes;
  requireReopenable(record);
  const lostEvents = Math.max(0, asked.after - state.lastSeq);
  requireBelievable(lostEvents, state.lastSeq);
  const archive = parts.records.resume(record);
  const awayMs = Math.max(0, Date.now() - endOf(record));
  const recorded = {
    ...state,
    lastSeq: state.lastSeq + lostEvents,
    elapsedMs: state.elapsedMs + awayMs,
  };
  try {
    const model = await parts.models.get(state.model);
    const settings = sessionSettings(model.capabilities, 'default', knownSettings(state.settings));
    const { id, owner } = record.identity;
    const reopening = { recorded, awayMs, lostEvents, source: asked.source };
    return await parts.registry.open({ id, owner, model, settings, now: parts.now, archive, reopening });
  } catch (thrown) {
    await archive.close();
    throw thrown;
  }
}

/** What a client wants of a recorded session. */
interface Asked {
  /** The newest event that the client has. */
  readonly after: number;
  /** Name of the source that will be opened again; null for none. */
  readonly source: string | null;
}

interface Parts {
  readonly records: RecordStore;
  readonly registry: SessionRegistry;
  readonly models: ModelRegistry;
  readonly now: () => number;
}

/**
 * Most events that a client may have seen and the record have lost. Events reach the disk within a second, so
 * a larger number is none that this session has had.
 */
const mostLostEvents = 100_000;

function requireReopenable({ notes }: StoredRecord): void {
  if (notes.state.closed !== 'client_request') return;
  const message =
    'The session was closed by its client, so it cannot go on: read it at GET /v1/sessions/{id}, ' +
    'and open another one';
  throw new DuetError('invalid_request', message);
}

function requireBelievable(lostEvents: number, lastSeq: number): void {
  if (lostEvents <= mostLostEvents) return;
  throw new DuetError('invalid_request', `The session has no such event: resume after at most ${lastSeq}`);
}
