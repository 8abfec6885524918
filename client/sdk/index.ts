export { connectDuet } from './connect-duet.js';
export { DuetClient } from './duet-client.js';
export { DuetClientError } from './client-error.js';
export type { ClientErrorCode } from './client-error.js';
export type { Fields, PushedPicture, SessionOpened } from './duet-client.js';
export type { ConnectionState, DuetClientOptions, SocketConstructor, SocketLike } from './options.js';
export type { ClientMessage, ErrorMessage, ServerMessage, WireSource } from './protocol.js';
export type { BackOff } from './reconnecting.js';
