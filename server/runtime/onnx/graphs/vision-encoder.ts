import { DuetError } from '../../../errors.js';
import type { Picture } from '../../../video/frame.js';
import type { Manifest } from '../../folder/manifest.js';
import { callScope } from '../../call-scope.js';
import { EncodedPictures } from './encoded-pictures.js';
import { graphNames } from './graph-names.js';
import type { Graph } from './graph.js';
import type { RunQueue } from './run-queue.js';

/** Turns pictures into frame embeddings. */
export class VisionEncoder {
  readonly #graph: Graph;
  readonly #manifest: Manifest;
  readonly #queue: RunQueue;
  readonly #encoded = new EncodedPictures();
  /** Reused between calls; the run queue runs only one at a time. */
  #pixels = new Float32Array(0);

  constructor(graph: Graph, manifest: Manifest, queue: RunQueue) {
    this.#graph = graph;
    this.#manifest = manifest;
    this.#queue = queue;
  }

  /**
   * The embeddings of `pictures`, [pictures * tokensPerFrame, hidden]. Throws 'invalid_request' for a picture
   * that is not `side` x `side`, 'cancelled' when `signal` aborts between two calls.
   */
  async encode(pictures: readonly Picture[], refuseIfAborted: () => void): Promise<Float32Array> {
    for (const picture of pictures) requireSize(picture, this.#manifest.picture.side);
    const size = this.#sizeOfOne;
    // A short call, so that another context's frame waits for one picture at most.
    const most = this.#queue.isShared ? 1 : picturesPerCall;
    if (pictures.length <= most) return this.#encodeSome(pictures, refuseIfAborted);
    const embeddings = new Float32Array(pictures.length * size);
    for (let from = 0; from < pictures.length; from += most) {
      const some = pictures.slice(from, from + most);
      embeddings.set(await this.#encodeSome(some, refuseIfAborted), from * size);
    }
    return embeddings;
  }

  get #sizeOfOne(): number {
    return this.#manifest.tokensPerFrame * this.#manifest.decoder.hiddenSize;
  }

  #encodeSome(pictures: readonly Picture[], refuseIfAborted: () => void): Promise<Float32Array> {
    return this.#queue.run(async () => {
      refuseIfAborted();
      const kept = pictures.map((picture) => this.#encoded.get(picture));
      const unknown = pictures.filter((_, index) => kept[index] === undefined);
      if (unknown.length === pictures.length) return this.#run(pictures);
      const fresh = unknown.length === 0 ? new Float32Array(0) : await this.#run(unknown);
      return merged(kept, fresh, this.#sizeOfOne);
    });
  }

  async #run(pictures: readonly Picture[]): Promise<Float32Array> {
    const { picture: input } = this.#manifest;
    const shape = [pictures.length, 3, input.side, input.side];
    const length = pictures.length * 3 * input.side * input.side;
    if (this.#pixels.length < length) this.#pixels = new Float32Array(length);
    pictures.forEach((picture, index) => {
      writePixelValues(picture, input, this.#pixels, (index * length) / pictures.length);
    });
    countEncoded(pictures.length);
    const data = this.#pixels.subarray(0, length);
    const outputs = await this.#graph.run({ [graphNames.pixelValues]: { data, shape } }, [
      graphNames.frameEmbeds,
    ]);
    const size = this.#sizeOfOne;
    const embeddings = outputs.floats(graphNames.frameEmbeds, pictures.length * size);
    for (const [index, picture] of pictures.entries()) {
      this.#encoded.keep(picture, embeddings.subarray(index * size, (index + 1) * size));
    }
    return embeddings;
  }
}

/** The embeddings that were kept, and in the places of those that were not, the `fresh` ones in order. */
function merged(
  kept: readonly (Float32Array | undefined)[],
  fresh: Float32Array,
  size: number,
): Float32Array {
  const all = new Float32Array(kept.length * size);
  let next = 0;
  for (const [index, embeddings] of kept.entries()) {
    all.set(embeddings ?? fresh.subarray(next, (next += size)), index * size);
  }
  return all;
}

function countEncoded(pictures: number): void {
  const scope = callScope.getStore();
  if (scope !== undefined) scope.cost.encoded += pictures;
}

/** Most pictures per call: more would cost memory and gain nothing. */
const picturesPerCall = 8;

/**
 * Writes a picture of `side` x `side` into `target` at `offset` as three planes (red, green, blue) of (rgb /
 * 255 - mean) / std. Throws 'invalid_request' for a picture of another size.
 */
export function writePixelValues(
  picture: Picture,
  input: Manifest['picture'],
  target: Float32Array,
  offset: number,
): void {
  requireSize(picture, input.side);
  const { rgb } = picture;
  const plane = input.side * input.side;
  for (let channel = 0; channel < 3; channel++) {
    const std = input.std[channel] ?? 1;
    const scale = 1 / (255 * std);
    const shift = (input.mean[channel] ?? 0) / std;
    const to = offset + channel * plane;
    for (let pixel = 0; pixel < plane; pixel++) {
      target[to + pixel] = (rgb[pixel * 3 + channel] ?? 0) * scale - shift;
    }
  }
}

/** Throws 'invalid_request' unless the picture is `side` x `side` with all its bytes. */
function requireSize(picture: Picture, side: number): void {
  const { width, height, rgb } = picture;
  if (width === side && height === side && rgb.length === side * side * 3) return;
  throw new DuetError(
    'invalid_request',
    `a picture of ${width} x ${height} with ${rgb.length} bytes was appended; ` +
      `the model takes ${side} x ${side} RGB, ${side * side * 3} bytes`,
  );
}
