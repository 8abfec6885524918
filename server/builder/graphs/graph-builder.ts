import onnxProto from 'onnx-proto';
import type { onnx } from 'onnx-proto';
import type { ExternalTensor, TensorType } from '../weights/weight-file.js';

/**
 * Collects the nodes of one ONNX graph and encodes it. Values are referred to by name; '' omits an optional
 * input or output.
 */
export class GraphBuilder {
  readonly #name: string;
  readonly #nodes: onnx.INodeProto[] = [];
  readonly #initializers: onnx.ITensorProto[] = [];
  readonly #known = new Set<string>();
  readonly #inputs: onnx.IValueInfoProto[] = [];
  readonly #outputs: onnx.IValueInfoProto[] = [];

  constructor(name: string) {
    this.#name = name;
  }

  /** Declares an input and returns its name. */
  input(name: string, type: TensorType, dimensions: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type, dimensions));
    return name;
  }

  /** Declares the named value as an output. */
  output(name: string, type: TensorType, dimensions: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, type, dimensions));
  }

  /** Adds a node with one output, by default named after the node. */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}, output?: string): string {
    const name = output ?? `${operator}_${this.#nodes.length}`;
    this.nodeWithOutputs(operator, inputs, attributes, [name]);
    return name;
  }

  /** Adds a node whose outputs are all named. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: readonly string[],
  ): void {
    this.#nodes.push({
      opType: operator,
      name: `${operator}_${this.#nodes.length}`,
      domain: microsoftOperators.has(operator) ? 'com.microsoft' : '',
      input: [...inputs],
      output: [...outputs],
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
    });
  }

  /** A small int64 constant: shapes, axes, sizes. Equal ones are stored once. */
  integers(values: readonly number[], dimensions: readonly number[] = [values.length]): string {
    const name = `int64[${dimensions.join('x')}]=${values.join(',')}`;
    return this.#constant(name, 'int64', dimensions, BigInt64Array.from(values, BigInt));
  }

  /** A small float32 constant kept inside the graph. */
  floats(name: string, values: Float32Array, dimensions: readonly number[]): string {
    return this.#constant(name, 'float32', dimensions, values);
  }

  /** A small uint8 constant. Equal ones are stored once. */
  bytes(values: readonly number[]): string {
    return this.#constant(`uint8=${values.join(',')}`, 'uint8', [values.length], Uint8Array.from(values));
  }

  /** Refers to weights in a file next to the graph. */
  external(tensor: ExternalTensor): string {
    if (!this.#known.has(tensor.name)) {
      this.#known.add(tensor.name);
      this.#initializers.push({
        name: tensor.name,
        dataType: tensorTypes[tensor.type],
        dims: [...tensor.dimensions],
        dataLocation: TensorProto.DataLocation.EXTERNAL,
        externalData: [
          { key: 'location', value: tensor.location },
          { key: 'offset', value: String(tensor.offset) },
          { key: 'length', value: String(tensor.bytes) },
        ],
      });
    }
    return tensor.name;
  }

  /** The graph as an ONNX file's bytes. */
  encode(): Uint8Array {
    return ModelProto.encode({
      irVersion,
      producerName: 'duet',
      opsetImport: [
        { domain: '', version: opset },
        { domain: 'com.microsoft', version: 1 },
      ],
      graph: {
        name: this.#name,
        node: this.#nodes,
        initializer: this.#initializers,
        input: this.#inputs,
        output: this.#outputs,
      },
    }).finish();
  }

  #constant(
    name: string,
    type: TensorType,
    dimensions: readonly number[],
    values: BigInt64Array | Float32Array | Uint8Array,
  ): string {
    if (!this.#known.has(name)) {
      this.#known.add(name);
      const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      this.#initializers.push({ name, dataType: tensorTypes[type], dims: [...dimensions], rawData });
    }
    return name;
  }
}

const { AttributeProto, ModelProto, TensorProto } = onnxProto.onnx;

/** ONNX numbers of the element types we use. */
const tensorTypes: Readonly<Record<TensorType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int64: 7,
  float16: 10,
};

/** A dimension: a number, or a name if it is known only when the graph runs. */
type Dimension = number | string;

/** A node attribute; ONNX encodes integers and floats differently, so their types are explicit. */
type Attribute = { readonly int: number } | { readonly float: number } | { readonly ints: readonly number[] };

/** Operators that onnxruntime adds to the standard ones. */
const microsoftOperators = new Set([
  'FastGelu',
  'Gelu',
  'MatMulIntegerToFloat',
  'MatMulNBits',
  'MultiHeadAttention',
  'QuickGelu',
  'RotaryEmbedding',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
]);

const irVersion = 8;
const opset = 17;

/** Attributes by name. */
type Attributes = Readonly<Record<string, Attribute>>;

function attributeProto(name: string, value: Attribute): onnx.IAttributeProto {
  const { AttributeType } = AttributeProto;
  if ('int' in value) return { name, type: AttributeType.INT, i: value.int };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  return { name, type: AttributeType.INTS, ints: [...value.ints] };
}

function valueInfo(name: string, type: TensorType, dimensions: readonly Dimension[]): onnx.IValueInfoProto {
  const dim = dimensions.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: tensorTypes[type], shape: { dim } } } };
}
