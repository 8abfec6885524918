import type { Picture } from '../../../video/frame.js';

/**
 * The embeddings of the newest pictures that have an id: contexts that watch one source together encode each
 * picture once, as does one that appends it again after a reply.
 */
export class EncodedPictures {
  readonly #byId = new Map<number, Float32Array>();

  /** The embeddings of a picture [tokensPerFrame * hidden]; undefined for one that is not kept. */
  get({ id }: Picture): Float32Array | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** Keeps a copy of a picture's embeddings; without an id it does nothing. */
  keep({ id }: Picture, embeddings: Float32Array): void {
    if (id === undefined) return;
    this.#byId.set(id, embeddings.slice());
    for (const oldest of this.#byId.keys()) {
      if (this.#byId.size <= mostKept) return;
      this.#byId.delete(oldest);
    }
  }
}

/** Enough for contexts that are a few batches apart, beside others that work off whole batches. */
const mostKept = 128;
