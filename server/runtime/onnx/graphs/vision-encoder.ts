import { DuetError } from '../../../errors.js';
import type { Picture } from '../../../video/frame.js';
import type { Manifest } from '../../folder/manifest.js';
import { graphNames } from './graph-names.js';
import type { Graph } from './graph.js';
import type { RunQueue } from './run-queue.js';

/** Turns pictures into frame embeddings. */
export class VisionEncoder {
  readonly #graph: Graph;
  readonly #manifest: Manifest;
  readonly #queue: RunQueue;
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
    const size = this.#manifest.tokensPerFrame * this.#manifest.decoder.hiddenSize;
    if (pictures.length <= picturesPerCall) return this.#encodeSome(pictures, refuseIfAborted);
    const embeddings = new Float32Array(pictures.length * size);
    for (let from = 0; from < pictures.length; from += picturesPerCall) {
      const some = pictures.slice(from, from + picturesPerCall);
      embeddings.set(await this.#encodeSome(some, refuseIfAborted), from * size);
    }
    return embeddings;
  }

  #encodeSome(pictures: readonly Picture[], refuseIfAborted: () => void): Promise<Float32Array> {
    const { picture: input, tokensPerFrame, decoder } = this.#manifest;
    const shape = [pictures.length, 3, input.side, input.side];
    const length = pictures.length * 3 * input.side * input.side;
    return this.#queue.run(async () => {
      refuseIfAborted();
      if (this.#pixels.length < length) this.#pixels = new Float32Array(length);
      pictures.forEach((picture, index) => {
        writePixelValues(picture, input, this.#pixels, (index * length) / pictures.length);
      });
      const data = this.#pixels.subarray(0, length);
      const outputs = await this.#graph.run({ [graphNames.pixelValues]: { data, shape } }, [
        graphNames.frameEmbeds,
      ]);
      return outputs.floats(graphNames.frameEmbeds, pictures.length * tokensPerFrame * decoder.hiddenSize);
    });
  }
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
