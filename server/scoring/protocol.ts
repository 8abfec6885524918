/**
 * What of a video may be known when a frame is scored.
 * - `offline`: the whole video, as the published scripts have it.
 * - `live`: no later frame, as a viewer of a live stream would have it.
 */
export type Protocol = 'offline' | 'live';
