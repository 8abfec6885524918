export { connectDuet } from './connect-duet.js';
export { DuetClient } from './duet-client.js';
export { DuetClientError } from './client-error.js';
export type { ClientErrorCode } from './client-error.js';
export type { PushedPicture, SessionOpened } from './duet-client.js';
export type { ConnectionState, DuetClientOptions, SocketConstructor, SocketLike } from './options.js';
export type { BackOff } from './reconnecting.js';
