import type { VideoSource } from '../source.js';

/**
 * The key under which sessions share a source; null for one that is not shared. Only addresses are, with all
 * their secrets, and only between sessions of one owner: an address may hold a token that has run out since
 * somebody else was let in, so knowing it does not mean that one could open it.
 *
 * @param asked all that makes a difference to the frames, or to what may be opened, but their rate.
 */
export function sharingKey(source: VideoSource, asked: object, owner: string | null): string | null {
  return source.type === 'url' ? JSON.stringify([source, Object.entries(asked).sort(), owner]) : null;
}
