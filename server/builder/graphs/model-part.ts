import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuetError } from '../../errors.js';
import { GraphBuilder } from './graph-builder.js';
import { floats, storeMatrix } from '../weights/stored-matrix.js';
import { multiply } from './matrix-product.js';
import type { MatrixFormat, StoredMatrix } from '../weights/stored-matrix.js';
import { WeightFile } from '../weights/weight-file.js';
import type { WritingWatch } from '../weights/weight-file.js';
import { rowPieces } from '../checkpoint/weight-source.js';
import type { WeightSource } from '../checkpoint/weight-source.js';

/** One `.onnx` file being built: its graph, its weight file, and the source of its weights. */
export class ModelPart implements AsyncDisposable {
  readonly graph: GraphBuilder;
  readonly #path: string;
  readonly #file: WeightFile;
  readonly #source: WeightSource;

  private constructor(path: string, name: string, file: WeightFile, source: WeightSource) {
    this.graph = new GraphBuilder(name);
    this.#path = path;
    this.#file = file;
    this.#source = source;
  }

  /** Starts `<folder>/<name>.onnx` and its `.onnx.data`. */
  static async begin(
    folder: string,
    name: string,
    source: WeightSource,
    watch: WritingWatch,
  ): Promise<ModelPart> {
    const path = join(folder, `${name}.onnx`);
    return new ModelPart(path, name, await WeightFile.create(`${path}.data`, watch), source);
  }

  /** Adds tensors of given shapes, stacked along their first dimension, to the graph as float32. */
  async parameter(names: readonly string[], shapes: readonly (readonly number[])[]): Promise<string> {
    names.forEach((name, index) => {
      this.#checkShape(name, shapes[index] ?? []);
    });
    const rows = shapes.reduce((sum, shape) => sum + (shape[0] ?? 0), 0);
    const dimensions = [rows, ...(shapes[0] ?? []).slice(1)];
    const pieces = floats(rowPieces(this.#source, names, 1));
    return this.graph.external(await this.#file.store(names.join('+'), 'float32', dimensions, pieces));
  }

  /** Writes a linear layer's weights without using them yet. */
  storeMatrix(layer: LinearLayer, format: MatrixFormat): Promise<StoredMatrix> {
    layer.weights.forEach((name, index) => {
      this.#checkShape(name, [layer.outputs[index] ?? 0, layer.inputs]);
    });
    const rows = layer.outputs.reduce((sum, count) => sum + count, 0);
    const matrix = { names: layer.weights, rows, columns: layer.inputs };
    return storeMatrix(this.#file, this.#source, matrix, format);
  }

  /** Adds a linear layer: input [n, inputs] -> [n, sum of outputs]. */
  async linear(input: string, layer: LinearLayer, format: MatrixFormat, output?: string): Promise<string> {
    const matrix = await this.storeMatrix(layer, format);
    const shapes = layer.outputs.map((count) => [count]);
    const bias = layer.biases ? await this.parameter(layer.biases, shapes) : '';
    return multiply(this.graph, input, matrix, bias, output);
  }

  /** Writes the graph; its weights are already in their file. */
  async finish(): Promise<void> {
    await writeFile(this.#path, this.graph.encode(), { flag: 'wx' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }

  #checkShape(name: string, expected: readonly number[]): void {
    const found = this.#source.shape(name);
    if (found.length === expected.length && found.every((size, index) => size === expected[index])) return;
    throw new DuetError(
      'invalid_request',
      `Tensor "${name}" has shape [${found.join(', ')}]; config.json asks for [${expected.join(', ')}].`,
    );
  }
}

/** A linear layer of the checkpoint, possibly stacked from several: `weights` [outputs, inputs] each. */
interface LinearLayer {
  readonly weights: readonly string[];
  readonly biases?: readonly string[];
  readonly inputs: number;
  /** Outputs of each of the stacked tensors. */
  readonly outputs: readonly number[];
}
