/**
 * Largest JSON message from a client, in bytes of UTF-8. A longer one is refused unread; the connection stays
 * open.
 */
export const maxTextMessageBytes = 128 * 1024;

/**
 * Largest message of any kind, in bytes; leaves room for a raw 1920x1080 picture. A longer one closes the
 * connection (1009).
 */
export const maxMessageBytes = 8 * 1024 * 1024;

/** Latest time of a picture or a text, in seconds; high enough for clocks that count from 1970. */
export const maxVideoTime = 1e11;

/** Largest `event_id`, in UTF-16 code units. */
export const maxEventIdLength = 128;

/** Most bytes of a close reason; it must fit into one WebSocket control frame. */
export const maxCloseReasonBytes = 123;

/** WebSocket subprotocol of this version. */
export const subprotocol = 'duet.v1';

/** Path of the WebSocket. */
export const socketPath = '/v1/duet';
