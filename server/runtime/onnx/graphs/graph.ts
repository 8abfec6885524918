import { DuetError } from '../../../errors.js';
import { narrowToHalf, widen } from '../../tensors/element-type.js';
import { integerProductsOverflow } from './integer-products.js';
import { onnx, type Onnx } from './onnx-runtime.js';

/** One ONNX graph in memory. Runs block the calling thread, so graphs belong on worker threads. */
export class Graph implements AsyncDisposable {
  /** The path of its file. */
  readonly name: string;
  readonly #session: Onnx.InferenceSession;
  /** Inputs that are float16. */
  readonly #halves: ReadonlySet<string>;

  constructor(session: Onnx.InferenceSession, name: string) {
    this.#session = session;
    this.name = name;
    const halves = session.inputMetadata.filter((input) => input.isTensor && input.type === 'float16');
    this.#halves = new Set(halves.map((input) => input.name));
  }

  /** Loads the graph in the file `path`; throws 'model_failed' when ONNX Runtime refuses it. */
  static async load(path: string, options: GraphOptions): Promise<Graph> {
    try {
      return new Graph(await createSession(path, options), path);
    } catch (error) {
      throw new DuetError(
        'model_failed',
        `${path} could not be loaded: ${messageOf(error)}; build or download the model again`,
        { cause: error },
      );
    }
  }

  /** Names of the graph's inputs. */
  get inputs(): readonly string[] {
    return this.#session.inputNames;
  }

  /**
   * Runs the graph and returns the outputs named in `wanted`, each float32. Throws 'model_failed' when the
   * run fails.
   */
  async run(inputs: Readonly<Record<string, GraphInput>>, wanted: readonly string[]): Promise<GraphOutputs> {
    const feeds: Record<string, Onnx.Tensor> = {};
    for (const [name, input] of Object.entries(inputs)) feeds[name] = this.#tensor(name, input);
    try {
      return new GraphOutputs(await this.#session.run(feeds, wanted), this.name);
    } catch (error) {
      throw new DuetError('model_failed', `${this.name} failed: ${messageOf(error)}`, { cause: error });
    }
  }

  /**
   * The shape that an input is declared with; a size that varies is a name, and a shape that varies is empty.
   * Null if there is no such input.
   */
  shapeOfInput(name: string): readonly (number | string)[] | null {
    return shapeIn(this.#session.inputMetadata, name);
  }

  /** The same of an output. */
  shapeOfOutput(name: string): readonly (number | string)[] | null {
    return shapeIn(this.#session.outputMetadata, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.release();
  }

  /** Numbers are passed in the float type that the graph asks for. */
  #tensor(name: string, { data, shape }: GraphInput): Onnx.Tensor {
    if (data instanceof BigInt64Array) return new onnx.Tensor('int64', data, shape);
    if (data instanceof Uint8Array) return new onnx.Tensor('bool', data, shape);
    return this.#halves.has(name) ? halfTensor(data, shape) : new onnx.Tensor('float32', data, shape);
  }
}

/** How ONNX sessions are made. */
export interface GraphOptions {
  /** Threads one model call may use. */
  readonly threads: number;
}

/**
 * An input of a graph: float32, int64 as bigints, or truth values as bytes. The array is only read, and only
 * during the run.
 */
export interface GraphInput {
  readonly data: Float32Array | BigInt64Array | Uint8Array;
  readonly shape: readonly number[];
}

/** The outputs of a run. */
export class GraphOutputs {
  readonly #values: Onnx.InferenceSession.OnnxValueMapType;
  readonly #graph: string;

  constructor(values: Onnx.InferenceSession.OnnxValueMapType, graph: string) {
    this.#values = values;
    this.#graph = graph;
  }

  /** The numbers of one output, row by row; throws 'model_failed' unless there are exactly `length`. */
  floats(name: string, length: number): Float32Array {
    const value = this.#values[name];
    const data = value instanceof onnx.Tensor ? floatsOf(value) : undefined;
    if (data?.length === length) return data;
    const found = data === undefined ? 'no tensor of floats' : `${data.length} numbers`;
    throw new DuetError(
      'model_failed',
      `${this.#graph} gave ${found} for ${name} where ${length} numbers were ` +
        'expected; the graph does not fit the manifest',
    );
  }
}

async function createSession(path: string, { threads }: GraphOptions): Promise<Onnx.InferenceSession> {
  const exact = { extra: { session: { x64quantprecision: '1' } } };
  return onnx.InferenceSession.create(path, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Shapes differ in nearly every call, so a memory plan would never be reused.
    enableMemPattern: false,
    ...((await integerProductsOverflow()) && exact),
  });
}

/** Where Node.js has a Float16Array a tensor keeps one, in which the native side finds nothing. */
function halfTensor(data: Float32Array, shape: readonly number[]): Onnx.Tensor {
  const tensor: Onnx.Tensor = new onnx.Tensor('uint16', narrowToHalf(data), shape);
  return Object.assign(tensor, { type: 'float16' } as const);
}

function shapeIn(
  values: readonly Onnx.InferenceSession.ValueMetadata[],
  wanted: string,
): readonly (number | string)[] | null {
  const found = values.find(({ name }) => name === wanted);
  return found?.isTensor === true ? found.shape : null;
}

function floatsOf({ type, data }: Onnx.Tensor): Float32Array | undefined {
  if (data instanceof Float32Array) return data;
  if (type !== 'float16') return undefined;
  // Newer versions of Node.js have an array of such numbers.
  return data instanceof Uint16Array
    ? widen(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 'F16')
    : Float32Array.from(data as Iterable<number>);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
