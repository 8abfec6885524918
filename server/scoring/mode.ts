/**
 * How to score: `compat` follows the published evaluation scripts down to their defects, `strict` does what
 * those scripts meant to do and counts everything it leaves out.
 */
export type Mode = 'compat' | 'strict';

/**
 * How much of a video may be known when a frame is scored.
 * - `offline`: the whole video, as in the published scripts.
 * - `live`: nothing later than the frame, as for a viewer of a live stream.
 */
export type Protocol = 'offline' | 'live';
