import camelcaseKeys, { type CamelCaseKeys } from 'camelcase-keys';
import snakecaseKeys from 'snakecase-keys';
import type { SnakeCasedPropertiesDeep } from 'type-fest';
import type { SessionEvent } from '../duet/record/events.js';
import type { ClientMessage } from '../protocol/client-messages.js';
import type { WireEvent } from '../protocol/server-messages.js';
import type { SessionSettings } from '../settings/session-settings.js';
import type { WireSessionSettings } from '../settings/wire-name.js';

/**
 * The one place where the server's camelCase meets the wire's snake_case. Only keys change, never values; no
 * object of the protocol uses what people wrote as a key. It does not compile when an event and its published
 * schema differ.
 */
export function toWire(event: SessionEvent): WireEvent {
  return snakecaseKeys({ ...event }, { deep: true }) as SnakeCasedPropertiesDeep<SessionEvent>;
}

/** Settings as they are on the wire. */
export function settingsToWire(settings: SessionSettings): WireSessionSettings {
  return snakecaseKeys({ ...settings }, { deep: true });
}

/** A client's message with the names used inside the server. */
export type ClientRequest = CamelCaseKeys<ClientMessage, true>;

/** Names a client's message as the server does. */
export function fromWire(message: ClientMessage): ClientRequest {
  return camelcaseKeys(message, { deep: true });
}
