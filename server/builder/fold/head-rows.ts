import type { TwoClassHead } from '../../runtime/heads/duet-heads.js';
import { narrow, widen, type ElementType } from '../../runtime/tensors/element-type.js';

/**
 * The two rows of a language head, stored as `type`, that stand for a head of two classes: P(yes) =
 * sigmoid(yes - no + offset), where yes and no are their logits. `yes` holds the difference of the head's
 * rows as exactly as the type allows and `no` what rounding left over, so that next to nothing is lost in a
 * narrow type.
 */
export function headRows({ weight, bias }: TwoClassHead, type: ElementType): HeadRows {
  const size = weight.length / 2;
  const difference = new Float32Array(size);
  for (let i = 0; i < size; i++) difference[i] = (weight[size + i] ?? 0) - (weight[i] ?? 0);
  const yes = rounded(difference, type);
  const no = rounded(
    yes.map((value, i) => value - (difference[i] ?? 0)),
    type,
  );
  return { no, yes, offset: (bias?.[1] ?? 0) - (bias?.[0] ?? 0) };
}

/** See {@link headRows}. */
interface HeadRows {
  readonly no: Float32Array;
  readonly yes: Float32Array;
  /** What the biases add to the difference of the logits, which no row of a language head can hold. */
  readonly offset: number;
}

function rounded(values: Float32Array, type: ElementType): Float32Array {
  return type === 'F32' ? values.slice() : widen(narrow(values, type).slice(), type);
}
