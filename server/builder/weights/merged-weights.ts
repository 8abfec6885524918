import { DuetError } from '../../errors.js';
import type { ElementType } from '../../runtime/tensors/element-type.js';
import type { LoraAdapter, LowRankChange } from './lora-adapter.js';
import { currentName } from '../checkpoint/tensor-names.js';
import type { WeightSource } from '../checkpoint/weight-source.js';

/** A checkpoint's weights under their current names, with an adapter's changes merged in as they are read. */
export class MergedWeights implements WeightSource {
  /** Every tensor that the checkpoint holds or the adapter touches. */
  readonly names: ReadonlySet<string>;
  /** Tensors that were read. */
  readonly used = new Set<string>();
  readonly #checkpoint: WeightSource;
  readonly #adapter: LoraAdapter | undefined;
  readonly #storedNames = new Map<string, string>();
  #lastChange: { readonly name: string; readonly change: LowRankChange } | undefined;

  constructor(checkpoint: WeightSource, adapter: LoraAdapter | undefined) {
    this.#checkpoint = checkpoint;
    this.#adapter = adapter;
    for (const name of checkpoint.names) {
      const twin = this.#storedNames.get(currentName(name));
      if (twin !== undefined) {
        throw new DuetError(
          'invalid_request',
          `The checkpoint holds both "${twin}" and "${name}"; keep one.`,
        );
      }
      this.#storedNames.set(currentName(name), name);
    }
    const adapted = adapter ? [...adapter.replacements.keys(), ...adapter.factors.keys()] : [];
    this.names = new Set([...this.#storedNames.keys(), ...adapted]);
  }

  shape(name: string): readonly number[] {
    if (this.#adapter?.replacements.has(name)) return this.#adapter.replacementShape(name);
    return this.#checkpoint.shape(this.#storedNames.get(name) ?? name);
  }

  /**
   * That of the checkpoint, in which replacements are written too; of what only the adapter holds, its own.
   */
  type(name: string): ElementType {
    const stored = this.#storedNames.get(name);
    if (stored !== undefined || this.#adapter === undefined) return this.#checkpoint.type(stored ?? name);
    return this.#adapter.replacementType(name);
  }

  async read(name: string, start: number, count: number): Promise<Float32Array> {
    this.used.add(name);
    if (this.#adapter?.replacements.has(name)) return this.#adapter.readReplacement(name, start, count);
    const values = await this.#checkpoint.read(this.#storedNames.get(name) ?? name, start, count);
    if (this.#adapter?.factors.has(name)) addProduct(values, start, await this.#change(name, this.#adapter));
    return values;
  }

  /** The factors of the weight being read; one pair at a time is cached. */
  async #change(name: string, adapter: LoraAdapter): Promise<LowRankChange> {
    if (this.#lastChange?.name !== name) {
      this.#lastChange = { name, change: await adapter.change(name, this.shape(name)) };
    }
    return this.#lastChange.change;
  }
}

/** Adds the elements of B A, starting at element `start`, to `values`. */
function addProduct(values: Float32Array, start: number, { a, b, rank, inputs }: LowRankChange): void {
  for (let done = 0; done < values.length;) {
    const row = Math.floor((start + done) / inputs);
    const column = (start + done) % inputs;
    const count = Math.min(inputs - column, values.length - done);
    for (let k = 0; k < rank; k++) {
      const factor = b[row * rank + k] ?? 0;
      const offset = k * inputs + column;
      for (let i = 0; i < count; i++)
        values[done + i] = (values[done + i] ?? 0) + factor * (a[offset + i] ?? 0);
    }
    done += count;
  }
}
