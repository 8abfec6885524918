import camelcaseKeys, { type CamelCaseKeys } from 'camelcase-keys';
import snakecaseKeys from 'snakecase-keys';
import type { ClientMessage } from '../protocol/client-messages.js';
import type { SessionSettings } from '../settings/session-settings.js';
import type { WireSessionSettings } from '../settings/wire-name.js';

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
