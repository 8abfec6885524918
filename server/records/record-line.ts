import { z } from 'zod';
import { nothingRecorded, recordedAfter, type RecordedState } from '../duet/record/recorded-state.js';
import type { SessionOwner } from '../duet/record/session-state.js';
import { DuetError } from '../errors.js';
import { eventOfLine } from './wire-event.js';

/** The version of the record's format that this Duet writes; it reads this one and older ones. */
const recordVersion = 1;

/** Lines that keep house begin so; they are not events and never leave the server. */
const housekeeping = '{"type":"record.';

/** Whether a line of a record is an event, rather than the record's own. */
export function isEventLine(line: string): boolean {
  return !line.startsWith(housekeeping);
}

/** The first line of every file of a record: whose it is, and what is known at its beginning. */
export function headerLine(identity: RecordIdentity, notes: RecordNotes): string {
  return JSON.stringify({ type: 'record.header', version: recordVersion, ...identity, ...notes });
}

/** A line that changes what is known beside the events. */
export function noteLine(note: Partial<RecordNotes>): string {
  return JSON.stringify({ type: 'record.note', ...note });
}

/** Whose record it is. */
export interface RecordIdentity {
  readonly id: string;
  readonly owner: SessionOwner;
  /** Wall time in milliseconds since 1970 at which the session was first opened. */
  readonly openedAt: number;
}

/** What a record knows beside its events. */
export interface RecordNotes {
  readonly state: RecordedState;
  /** The newest event that the controlling client has acknowledged. */
  readonly acknowledged: number;
  /** SHA-256 of the tokens that may follow the session. */
  readonly shares: readonly string[];
}

/** What is known before the first line. */
export const noNotes: RecordNotes = { state: nothingRecorded, acknowledged: 0, shares: [] };

/** What a record says of its session. */
export interface RecordSummary {
  readonly identity: RecordIdentity | null;
  readonly notes: RecordNotes;
}

/**
 * What is known after one more line; damaged lines change nothing. Throws 'unsupported' for a header of a
 * later version.
 */
export function summaryAfter({ identity, notes }: RecordSummary, line: string): RecordSummary {
  if (isEventLine(line)) {
    const event = eventOfLine(line);
    const state = event === null ? notes.state : recordedAfter(notes.state, event);
    return { identity, notes: { ...notes, state } };
  }
  const own = ownLine.safeParse(parsed(line)).data;
  if (own === undefined) return { identity, notes };
  if (own.type === 'record.note') return { identity, notes: { ...notes, ...known(own) } };
  requireVersion(own.version);
  const { id, owner, openedAt } = own;
  return { identity: { id, owner, openedAt }, notes: { ...noNotes, ...known(own) } };
}

const stateSchema = z.object({
  lastSeq: z.int().min(0),
  elapsedMs: z.number(),
  videoTime: z.number(),
  model: z.string(),
  severalQuestions: z.boolean().default(false),
  settings: z.record(z.string(), z.unknown()),
  frames: z.int(),
  replies: z.int(),
  suppressed: z.int(),
  texts: z.array(z.object({ questionId: z.string(), text: z.string() })),
  questions: z
    .array(z.object({ questionId: z.string(), text: z.string(), threshold: z.number().nullable() }))
    .default([]),
  source: z.string().nullable(),
  watched: z.string().nullable().default(null),
  reply: z
    .object({
      responseId: z.string(),
      questionId: z.string().nullable().default(null),
      seq: z.int(),
      videoTime: z.number(),
      startedMs: z.number(),
      text: z.string(),
    })
    .nullable(),
  closed: z.string().nullable(),
});

const notesShape = {
  state: stateSchema.optional(),
  acknowledged: z.int().min(0).optional(),
  shares: z.array(z.string()).optional(),
};

const ownLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('record.header'),
    version: z.int(),
    id: z.string(),
    owner: z.string().nullable(),
    openedAt: z.number(),
    ...notesShape,
  }),
  z.object({ type: z.literal('record.note'), ...notesShape }),
]);

function known({ state, acknowledged, shares }: z.infer<typeof ownLine>): Partial<RecordNotes> {
  return {
    ...(state !== undefined && { state }),
    ...(acknowledged !== undefined && { acknowledged }),
    ...(shares !== undefined && { shares }),
  };
}

function requireVersion(version: number): void {
  if (version <= recordVersion) return;
  const message =
    `The record has format version ${version}, and this Duet reads up to ${recordVersion}: ` +
    'read it with the Duet that wrote it, or a later one';
  throw new DuetError('unsupported', message);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
