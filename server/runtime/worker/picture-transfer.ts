import type { Picture } from '../../video/frame.js';

/** Pictures that may be posted to another thread, and the buffers to hand over with them. */
export interface HandedPictures {
  readonly pictures: readonly Picture[];
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * Copies pictures so that the copies can be handed to another thread: the caller keeps its own, which it may have to append again,
 * and a picture that is a piece of a larger buffer takes only its piece along.
 */
export function copyToHandOver(pictures: readonly Picture[]): HandedPictures {
  const copies = pictures.map((picture) => ({ ...picture, rgb: new Uint8Array(picture.rgb) }));
  return { pictures: copies, buffers: copies.map(({ rgb }) => rgb.buffer) };
}
