import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SessionEvent } from '../duet/record/events.js';
import type { RecordedState } from '../duet/record/recorded-state.js';
import { DuetError } from '../errors.js';
import { recordFiles } from './record-files.js';
import { noNotes, summaryAfter } from './record-line.js';
import { recordedLines, type OnTooLong } from './recorded-lines.js';
import { eventOfLine } from './wire-event.js';

/**
 * Opens a record for reading: the folder of one session, or a file of JSON lines as `duet watch --json` and
 * `/v1/sessions/{id}/events` give them. Throws 'not_found', and 'unsupported' for a later version.
 */
export async function readRecord(path: string, onTooLong?: OnTooLong): Promise<OpenedRecord> {
  const files = await filesAt(path);
  const [first] = files;
  if (first === undefined) throw new DuetError('not_found', await describeMissing(path));
  for await (const line of recordedLines(first)) {
    const { identity, notes } = summaryAfter({ identity: null, notes: noNotes }, line);
    if (identity === null && eventOfLine(line) === null) throw new DuetError('not_found', noRecord(path));
    return { begun: identity === null ? undefined : notes.state, events: eventsOf(files, onTooLong) };
  }
  throw new DuetError('not_found', `${path} holds no whole line, so nothing is recorded in it`);
}

function noRecord(path: string): string {
  return (
    `The first line of ${path} is no event of a session: ` +
    'name what `duet watch --json` printed, or a folder of --record'
  );
}

/** A record that can be read. */
interface OpenedRecord {
  /** What was known before its first event; undefined if it does not say. */
  readonly begun: RecordedState | undefined;
  readonly events: AsyncIterable<SessionEvent>;
}

async function filesAt(path: string): Promise<readonly string[]> {
  const status = await stat(path).catch(() => null);
  if (status === null) throw new DuetError('not_found', `There is no record ${JSON.stringify(path)}`);
  if (status.isFile()) return [path];
  return (await recordFiles(path)).map((file) => file.path);
}

async function describeMissing(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const sessions = await Promise.all(names.map((name) => recordFiles(join(folder, name))));
  const one = names.find((_, index) => (sessions[index]?.length ?? 0) > 0);
  const hint = one === undefined ? '' : `: name one of the sessions in it, as in ${join(folder, one)}`;
  return `${folder} holds no record of one session${hint}`;
}

async function* eventsOf(
  paths: readonly string[],
  onTooLong?: OnTooLong,
): AsyncGenerator<SessionEvent, void> {
  for (const path of paths) {
    for await (const line of recordedLines(path, { onTooLong })) {
      const event = eventOfLine(line);
      if (event !== null) yield event;
    }
  }
}
