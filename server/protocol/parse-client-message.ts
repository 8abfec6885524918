import type { z } from 'zod';
import type { ErrorCode } from '../errors.js';
import { clientMessageSchema, type ClientMessage } from './client-messages.js';
import { maxEventIdLength, maxTextMessageBytes } from './limits.js';

/** Why a text message was rejected, in the fields of the `error` message. */
interface MessageFault {
  readonly code: Extract<ErrorCode, 'invalid_message' | 'too_large'>;
  readonly message: string;
  /**
   * Path of the offending field, as in `settings.policy.threshold`; null if the whole message is at fault.
   */
  readonly param: string | null;
  /** The message's `event_id`, if it could be read. */
  readonly eventId: string | null;
}

/** A parsed text message, or why it was rejected. */
type ParsedMessage =
  | { readonly ok: true; readonly message: ClientMessage }
  | { readonly ok: false; readonly fault: MessageFault };

/** Parses one text frame; never throws. The fault's message quotes field names, never the user's text. */
export function parseClientMessage(text: Uint8Array): ParsedMessage {
  if (text.byteLength > maxTextMessageBytes) {
    return faulty(
      'too_large',
      `The message has ${text.byteLength} bytes: send at most ${maxTextMessageBytes}`,
    );
  }
  const json = parseJson(text);
  if (json === undefined)
    return faulty('invalid_message', 'The message is not JSON: send one JSON object per frame');
  const parsed = clientMessageSchema.safeParse(json, { reportInput: false });
  if (parsed.success) return { ok: true, message: parsed.data };
  return { ok: false, fault: { ...describe(parsed.error), eventId: readEventId(json) } };
}

function parseJson(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text)) as unknown;
  } catch {
    return undefined;
  }
}

function faulty(code: MessageFault['code'], message: string): ParsedMessage {
  return { ok: false, fault: { code, message, param: null, eventId: null } };
}

function describe(error: z.ZodError): Omit<MessageFault, 'eventId'> {
  const issue = error.issues[0];
  const path = [
    ...(issue?.path ?? []),
    ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []),
  ];
  const param = path.length === 0 ? null : path.map(String).join('.').slice(0, 256);
  const tooLong = issue?.code === 'custom';
  const what = issue?.message ?? 'Invalid message';
  return { code: tooLong ? 'too_large' : 'invalid_message', message: what.slice(0, 512), param };
}

function readEventId(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || !('event_id' in json)) return null;
  const { event_id: eventId } = json;
  return typeof eventId === 'string' && eventId.length > 0 && eventId.length <= maxEventIdLength
    ? eventId
    : null;
}
