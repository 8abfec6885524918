import { DuetError } from '../../errors.js';
import type { ScoreName } from '../../runtime/capabilities.js';
import { headTensors, type DuetHeads, type TwoClassHead } from '../../runtime/heads/duet-heads.js';
import type { WeightSource } from '../checkpoint/weight-source.js';

/**
 * The two heads of a checkpoint. Throws 'invalid_request' naming the tensor that is missing or not of the
 * shape that a decoder of `hiddenSize` needs.
 */
export async function headsOf(source: WeightSource, hiddenSize: number): Promise<DuetHeads> {
  return {
    informative: await headOf(source, 'informative', hiddenSize),
    relevance: await headOf(source, 'relevance', hiddenSize),
  };
}

async function headOf(source: WeightSource, name: ScoreName, hiddenSize: number): Promise<TwoClassHead> {
  const { weight, bias } = headTensors[name];
  if (!source.names.has(weight)) {
    throw new DuetError(
      'invalid_request',
      `The checkpoint has no "${weight}", so there is no head to fold; if an adapter brings the heads, name it ` +
        'with --adapter',
    );
  }
  requireShape(source, weight, [2, hiddenSize]);
  const hasBias = source.names.has(bias);
  if (hasBias) requireShape(source, bias, [2]);
  return {
    weight: await source.read(weight, 0, 2 * hiddenSize),
    bias: hasBias ? await source.read(bias, 0, 2) : null,
  };
}

function requireShape(source: WeightSource, name: string, shape: readonly number[]): void {
  const found = source.shape(name);
  if (found.join() === shape.join()) return;
  throw new DuetError(
    'invalid_request',
    `"${name}" is of shape [${found.join(', ')}] where [${shape.join(', ')}] was expected; does config.json ` +
      'belong to these weights?',
  );
}
