import type { StoredRecord } from './stored-record.js';

/**
 * The records to delete: those that ended too long ago, and the oldest of the others while all together are
 * too large. Open ones are never among them, so these alone may exceed the limit.
 */
export function expiredRecords(
  records: readonly StoredRecord[],
  { keepMs, totalBytes }: RecordLimits,
  now: number,
): readonly StoredRecord[] {
  const ended = records.filter(({ isOpen }) => !isOpen).sort((one, other) => endOf(one) - endOf(other));
  let bytes = records.reduce((sum, record) => sum + record.bytes, 0);
  return ended.filter((record) => {
    const expires = now - endOf(record) > keepMs || bytes > totalBytes;
    if (expires) bytes -= record.bytes;
    return expires;
  });
}

/** How much is kept, and for how long. */
export interface RecordLimits {
  /** Milliseconds from the end of a session until its record is deleted. */
  readonly keepMs: number;
  /** Bytes of all records together. */
  readonly totalBytes: number;
  /** Bytes of one record: beyond that its oldest part is deleted. */
  readonly sessionBytes: number;
  /** Bytes at which the next file of a record is begun. */
  readonly fileBytes: number;
}

/** Wall time of the last recorded event, in milliseconds since 1970. */
export function endOf({ identity, notes }: Pick<StoredRecord, 'identity' | 'notes'>): number {
  return identity.openedAt + notes.state.elapsedMs;
}
