/**
 * The messages of the protocol. The package of the client has them written out, without the schemas of the
 * server.
 */
export type { ClientMessage, WireSource } from '../../server/protocol/client-messages.js';
export type { ErrorMessage, ServerMessage } from '../../server/protocol/server-messages.js';
