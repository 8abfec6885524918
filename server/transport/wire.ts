import camelcaseKeys, { type CamelCaseKeys } from 'camelcase-keys';
import snakecaseKeys from 'snakecase-keys';
import type { SnakeCasedPropertiesDeep } from 'type-fest';
import type { SessionEvent } from '../duet/record/events.js';
import type { ClientMessage } from '../protocol/client-messages.js';
import type { WireEvent } from '../protocol/server-messages.js';
import type { SessionSettings } from '../settings/session-settings.js';
import type { WireSessionSettings } from '../settings/wire-name.js';

/**
 * The only place where the server's camelCase is converted to the wire's snake_case. Only keys change, never
 * values; no protocol object uses user text as a key. Does not compile when an event and its published schema
 * differ.
 */
export function toWire(event: SessionEvent): WireEvent {
  return snakecaseKeys({ ...event }, { deep: true }) as SnakeCasedPropertiesDeep<SessionEvent>;
}

/** Settings in wire format. */
export function settingsToWire(settings: SessionSettings): WireSessionSettings {
  return snakecaseKeys({ ...settings }, { deep: true });
}

/** A client's message with the server's own key names. */
export type ClientRequest = CamelCaseKeys<ClientMessage, true>;

/** Converts a client's message to the server's key names. */
export function fromWire(message: ClientMessage): ClientRequest {
  return camelcaseKeys(message, { deep: true });
}
