import { onnx } from './onnx-runtime.js';

/**
 * Whether this processor adds products of 8-bit numbers in 16 bits, as those without VNNI do, so that large
 * ones overflow; tried once. ONNX Runtime can be made to count exactly there, which takes nearly twice as
 * long on processors that need not be told.
 */
export function integerProductsOverflow(): Promise<boolean> {
  overflow ??= tryLargestProducts().catch(() => true);
  return overflow;
}

let overflow: Promise<boolean> | undefined;

async function tryLargestProducts(): Promise<boolean> {
  const session = await onnx.InferenceSession.create(product, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
  });
  try {
    const outputs = await session.run({
      a: new onnx.Tensor('uint8', new Uint8Array(size * size).fill(255), [size, size]),
      b: new onnx.Tensor('int8', new Int8Array(size * size).fill(127), [size, size]),
    });
    const sums = outputs['c']?.data;
    return !(sums instanceof Int32Array && sums.every((sum) => sum === 255 * 127 * size));
  } finally {
    await session.release();
  }
}

const size = 64;

/** An ONNX graph of one node: c = MatMulInteger(a, b), with a uint8 and b int8. */
const product = Buffer.from(
  'CAgSADpQChgKAWEKAWISAWMiDU1hdE11bEludGVnZXISAWdaDwoBYRIKCggIAhIECgAKAFoPCgFiEgoKCAgDEgQKAAoAYg8KAWMSCgoICAYSBAoACgBCBAoAEBE=',
  'base64',
);
