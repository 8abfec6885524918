import onnxProto from 'onnx-proto';
import { onnx } from '../../../server/runtime/onnx/graphs/onnx-runtime.js';
import { spentOn, type Spent } from '../measurement.js';

const { ModelProto, TensorProto } = onnxProto.onnx;

/**
 * Times ONNX Runtime at multiplying two square matrices, one of them constant as weights are: in float32 and
 * in int8.
 */
export async function timePeak(
  size: number,
  threads: number,
  repeats: number,
): Promise<Readonly<Record<'fp32' | 'int8', readonly Spent[]>>> {
  const values = size * size;
  const numbers = Float32Array.from({ length: values }, (_, index) => (index % 13) / 13);
  const codes = Uint8Array.from({ length: values }, (_, index) => index % 127);
  return {
    fp32: await timeProduct({
      ...{ operator: 'MatMul', size, threads, repeats, constant: bytesOf(numbers), output: 1 },
      ...{ inputType: 1, constantType: 1, input: new onnx.Tensor('float32', numbers, [size, size]) },
    }),
    int8: await timeProduct({
      ...{ operator: 'MatMulInteger', size, threads, repeats, constant: codes, output: 6 },
      ...{ inputType: 2, constantType: 3, input: new onnx.Tensor('uint8', codes, [size, size]) },
    }),
  };
}

/** Types are ONNX's numbers: 1 float32, 2 uint8, 3 int8, 6 int32. */
interface Product {
  readonly operator: string;
  readonly size: number;
  readonly threads: number;
  readonly repeats: number;
  readonly constant: Uint8Array;
  readonly constantType: number;
  readonly input: InstanceType<typeof onnx.Tensor>;
  readonly inputType: number;
  readonly output: number;
}

async function timeProduct(product: Product): Promise<readonly Spent[]> {
  const session = await onnx.InferenceSession.create(graphOf(product), {
    intraOpNumThreads: product.threads,
    interOpNumThreads: 1,
  });
  try {
    const found: Spent[] = [];
    for (let time = 0; time <= product.repeats; time += 1)
      found.push(await spentOn(() => session.run({ input: product.input })));
    // The first one is slower.
    return found.slice(1);
  } finally {
    await session.release();
  }
}

function graphOf({ operator, size, constant, ...types }: Product): Uint8Array {
  const dims = [size, size];
  const shape = { dim: dims.map((dimValue) => ({ dimValue })) };
  const value = (name: string, elemType: number) => ({ name, type: { tensorType: { elemType, shape } } });
  return ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'peak',
      node: [{ opType: operator, input: ['input', 'constant'], output: ['output'] }],
      initializer: [
        TensorProto.create({ name: 'constant', dims, dataType: types.constantType, rawData: constant }),
      ],
      input: [value('input', types.inputType)],
      output: [value('output', types.output)],
    },
  }).finish();
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
