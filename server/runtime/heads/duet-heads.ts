import { DuetError } from '../../errors.js';
import type { ScoreName } from '../capabilities.js';
import type { FrameScores } from '../model.js';
import { SafetensorsFile } from '../tensors/safetensors-file.js';

/** The two heads of a duet model, which read a frame's scores from the hidden state of its last token. */
export type DuetHeads = Readonly<Record<ScoreName, TwoClassHead>>;

/** A linear layer with two outputs, no and yes. */
export interface TwoClassHead {
  /** [2, hidden], row by row. */
  readonly weight: Float32Array;
  /** [2]; null for none. */
  readonly bias: Float32Array | null;
}

/** Names of the heads' tensors. */
export const headTensors: Readonly<Record<ScoreName, { readonly weight: string; readonly bias: string }>> = {
  informative: { weight: 'informative_head.weight', bias: 'informative_head.bias' },
  relevance: { weight: 'relevance_head.weight', bias: 'relevance_head.bias' },
};

/**
 * Scores from `hidden` [hidden], the state of a frame's last token after the final norm. Throws
 * 'model_failed' if its length is not that of the heads, or a score is no number.
 */
export function scoresOfHidden(heads: DuetHeads, hidden: ArrayLike<number>): FrameScores {
  return {
    informative: probability(heads.informative, hidden),
    relevance: probability(heads.relevance, hidden),
  };
}

function probability({ weight, bias }: TwoClassHead, hidden: ArrayLike<number>): number {
  const size = weight.length / 2;
  if (hidden.length !== size) {
    throw new DuetError(
      'model_failed',
      `a hidden state of ${hidden.length} numbers came for heads of ${size}; they belong to another model`,
    );
  }
  let difference = (bias?.[1] ?? 0) - (bias?.[0] ?? 0);
  for (let i = 0; i < size; i++) {
    difference += ((weight[size + i] ?? 0) - (weight[i] ?? 0)) * (hidden[i] ?? NaN);
  }
  return probabilityOfDifference(difference, 'a head');
}

/**
 * The probability of yes from logit(yes) - logit(no). Throws 'model_failed', naming `what`, if it is no
 * number.
 */
export function probabilityOfDifference(difference: number, what: string): number {
  if (!Number.isNaN(difference)) return 1 / (1 + Math.exp(-difference));
  throw new DuetError('model_failed', `${what} gave no number; the model's weights are damaged or overflow`);
}

/**
 * Reads the heads from a safetensors file such as `duet model fold --heads-only` writes. Throws 'not_found'
 * or 'invalid_request' naming the file and the tensor.
 */
export async function readHeads(path: string): Promise<DuetHeads> {
  await using file = await SafetensorsFile.open(path);
  return { informative: await readHead(file, 'informative'), relevance: await readHead(file, 'relevance') };
}

async function readHead(file: SafetensorsFile, name: ScoreName): Promise<TwoClassHead> {
  const names = headTensors[name];
  const [rows, size = 0] = file.tensors.get(names.weight)?.shape ?? [];
  if (rows !== 2 || size < 1) {
    throw new DuetError(
      'invalid_request',
      `${file.path} has no "${names.weight}" of 2 rows; write it with duet model fold CHECKPOINT --heads-only`,
    );
  }
  const hasBias = file.tensors.get(names.bias)?.shape.join() === '2';
  return {
    weight: await file.read(names.weight, 0, 2 * size),
    bias: hasBias ? await file.read(names.bias, 0, 2) : null,
  };
}
