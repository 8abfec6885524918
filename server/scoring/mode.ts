/**
 * How to score: `compat` follows the published evaluation scripts down to their defects, `strict` does what
 * those scripts meant to do and counts whatever it leaves out.
 */
export type Mode = 'compat' | 'strict';

/**
 * What of a video may be known when a frame is scored.
 * - `offline`: the whole video, as the published scripts have it.
 * - `live`: no later frame, as a viewer of a live stream would have it.
 */
export type Protocol = 'offline' | 'live';
