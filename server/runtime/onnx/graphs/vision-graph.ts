import { DuetError } from '../../../errors.js';
import type { Picture } from '../../../video/frame.js';
import type { Manifest } from '../../folder/manifest.js';
import { callScope } from '../../call-scope.js';
import { EncodedPictures } from './encoded-pictures.js';
import { graphNames } from './graph-names.js';
import type { Graph } from './graph.js';
import { joinFloats } from './join-floats.js';
import type { RunQueue } from './run-queue.js';

/** Runs `vision.onnx` on pictures, each by itself. */
export class VisionGraph {
  readonly #graph: Graph;
  readonly #picture: Manifest['picture'];
  readonly #queue: RunQueue;
  readonly #outputs: readonly VisionOutput[];
  readonly #encoded = new EncodedPictures();
  /** Reused between calls; the run queue runs only one at a time. */
  #pixels = new Float32Array(0);

  constructor(graph: Graph, picture: Manifest['picture'], queue: RunQueue, outputs: readonly VisionOutput[]) {
    this.#graph = graph;
    this.#picture = picture;
    this.#queue = queue;
    this.#outputs = outputs;
  }

  /**
   * What the graph gives for each of `pictures`, its outputs one after the other. Throws 'invalid_request'
   * for a picture that is not `side` x `side`, 'cancelled' when the work is aborted between two calls.
   */
  async encode(pictures: readonly Picture[], refuseIfAborted: () => void): Promise<readonly Float32Array[]> {
    for (const picture of pictures) requireSize(picture, this.#picture.side);
    // A short call, so that another context's frame waits for one picture at most.
    const most = this.#queue.isShared ? 1 : picturesPerCall;
    const encoded: Float32Array[] = [];
    for (let from = 0; from < pictures.length; from += most) {
      encoded.push(...(await this.#encodeSome(pictures.slice(from, from + most), refuseIfAborted)));
    }
    return encoded;
  }

  #encodeSome(pictures: readonly Picture[], refuseIfAborted: () => void): Promise<readonly Float32Array[]> {
    return this.#queue.run(async () => {
      refuseIfAborted();
      const kept = pictures.map((picture) => this.#encoded.get(picture));
      const unknown = pictures.filter((_, index) => kept[index] === undefined);
      const fresh = unknown.length === 0 ? [] : [...(await this.#run(unknown))];
      return kept.flatMap((values) => values ?? fresh.shift() ?? []);
    });
  }

  async #run(pictures: readonly Picture[]): Promise<readonly Float32Array[]> {
    const { side } = this.#picture;
    const length = pictures.length * 3 * side * side;
    if (this.#pixels.length < length) this.#pixels = new Float32Array(length);
    pictures.forEach((picture, index) => {
      writePixelValues(picture, this.#picture, this.#pixels, (index * length) / pictures.length);
    });
    countEncoded(pictures.length);
    const data = this.#pixels.subarray(0, length);
    const pixels = { data, shape: [pictures.length, 3, side, side] };
    const names = this.#outputs.map(({ name }) => name);
    const outputs = await this.#graph.run({ [graphNames.pixelValues]: pixels }, names);
    const all = this.#outputs.map(({ name, size }) => ({
      values: outputs.floats(name, pictures.length * size),
      size,
    }));
    return pictures.map((picture, index) => {
      const parts = all.map(({ values, size }) => values.subarray(index * size, (index + 1) * size));
      const encoded = joinFloats(parts);
      this.#encoded.keep(picture, encoded);
      return encoded;
    });
  }
}

/** An output of `vision.onnx`: its name, and how many numbers it has for one picture. */
interface VisionOutput {
  readonly name: string;
  readonly size: number;
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
