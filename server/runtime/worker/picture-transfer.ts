import type { Picture } from '../../video/frame.js';

/** Pictures that may be posted to another thread, and the buffers to hand over with them. */
export interface HandedPictures {
  readonly pictures: readonly Picture[];
  readonly buffers: readonly ArrayBuffer[];
}

/**
 * Makes pictures ready to be handed to another thread without copying. Only a picture that owns its whole buffer can be: others (a
 * piece of a larger buffer, shared memory, the same bytes twice) are copied, so that nobody else's memory goes with them.
 */
export function handOver(pictures: readonly Picture[]): HandedPictures {
  const buffers = new Set<ArrayBuffer>();
  const handed = pictures.map((picture) => {
    const { buffer } = picture.rgb;
    const whole = buffer instanceof ArrayBuffer && buffer.byteLength === picture.rgb.byteLength;
    if (whole && !buffers.has(buffer)) {
      buffers.add(buffer);
      return { ...picture, rgb: new Uint8Array(buffer) };
    }
    const rgb = new Uint8Array(picture.rgb);
    buffers.add(rgb.buffer);
    return { ...picture, rgb };
  });
  return { pictures: handed, buffers: [...buffers] };
}
