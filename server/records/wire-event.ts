import camelcaseKeys from 'camelcase-keys';
import snakecaseKeys from 'snakecase-keys';
import type { SnakeCasedPropertiesDeep } from 'type-fest';
import { z } from 'zod';
import type { SessionEvent } from '../duet/record/events.js';
import type { WireEvent } from '../protocol/session-events.js';

/**
 * An event in the words of the wire, which are also those of a record: the only place where an event's
 * camelCase becomes snake_case. Only keys change, never values; no protocol object uses user text as a key.
 * Does not compile when an event and its published schema differ.
 */
export function toWire(event: SessionEvent): WireEvent {
  return snakecaseKeys({ ...event }, { deep: true }) as SnakeCasedPropertiesDeep<SessionEvent>;
}

/** The event as one line of JSON, without the line's end; made once, however many ask for it. */
export function eventLine(event: SessionEvent): string {
  const known = lines.get(event);
  if (known !== undefined) return known;
  const line = JSON.stringify(toWire(event));
  lines.set(event, line);
  return line;
}

/**
 * The event of a recorded line; null if the line is none. Types and fields that this version does not know
 * stay as they are, so that {@link eventLine} gives the same line again.
 */
export function eventOfLine(line: string): SessionEvent | null {
  const value = jsonOf(line);
  if (!isRecordedEvent(value)) return null;
  return camelcaseKeys(value, { deep: true }) as unknown as SessionEvent;
}

const lines = new WeakMap<SessionEvent, string>();

/** What every event has, whatever version wrote it. */
const recordedEvent = z.looseObject({
  type: z.string().regex(/^(?!record\.)/),
  seq: z.int().min(1),
  video_time: z.number(),
  elapsed_ms: z.number().min(0),
});

/** Leaves the value as it is: what a schema returns has its keys in another order. */
function isRecordedEvent(value: unknown): value is Readonly<Record<string, unknown>> {
  return recordedEvent.safeParse(value).success;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
