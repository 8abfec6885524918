import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { readCheckedJson } from '../json-file.js';
import type { ElementType } from '../../runtime/tensors/element-type.js';
import { SafetensorsFile } from '../../runtime/tensors/safetensors-file.js';
import { currentName } from '../checkpoint/tensor-names.js';

/** A PEFT LoRA adapter: changes to add to some weights, and whole tensors that replace others. */
export class LoraAdapter implements AsyncDisposable {
  /** Weight name -> names of its A and B in the file. */
  readonly factors: ReadonlyMap<string, { readonly a: string; readonly b: string }>;
  /** Weight name -> name of its replacement in the file. */
  readonly replacements: ReadonlyMap<string, string>;
  readonly #file: SafetensorsFile;
  readonly #scale: number;

  private constructor(file: SafetensorsFile, scale: number) {
    this.#file = file;
    this.#scale = scale;
    const { factors, replacements } = sortKeys(file);
    this.factors = factors;
    this.replacements = replacements;
  }

  /**
   * Opens an adapter folder. Throws `DuetError` naming the file, field or tensor that is missing or
   * unsupported.
   */
  static async open(folder: string): Promise<LoraAdapter> {
    const config = await readCheckedJson(join(folder, 'adapter_config.json'), loraConfigSchema);
    const file = await SafetensorsFile.open(join(folder, 'adapter_model.safetensors'));
    try {
      return new LoraAdapter(file, loraScale(config));
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Shape of the tensor that replaces `name`. */
  replacementShape(name: string): readonly number[] {
    return this.#shape(this.#replacement(name));
  }

  /** Type of the tensor that replaces `name`. */
  replacementType(name: string): ElementType {
    return this.#file.tensors.get(this.#replacement(name))?.type ?? 'F32';
  }

  /** Part of the tensor that replaces `name`. */
  readReplacement(name: string, start: number, count: number): Promise<Float32Array> {
    return this.#file.read(this.#replacement(name), start, count);
  }

  /** The change of one weight; throws when the factors do not match each other or `shape`. */
  async change(name: string, shape: readonly number[]): Promise<LowRankChange> {
    const keys = this.factors.get(name);
    if (!keys) throw new DuetError('internal', `The adapter does not change "${name}".`);
    const [rank = 0, inputs = 0] = this.#shape(keys.a);
    const [outputs = 0, rankOfB = 0] = this.#shape(keys.b);
    if (rank !== rankOfB || outputs !== shape[0] || inputs !== shape[1]) {
      throw new DuetError(
        'invalid_request',
        `The adapter's factors for "${name}" are [${outputs}, ${rankOfB}] and [${rank}, ${inputs}]; ` +
          `the weight is [${shape.join(', ')}]. Is the adapter made for this checkpoint?`,
      );
    }
    const a = await this.#file.read(keys.a, 0, rank * inputs);
    const b = (await this.#file.read(keys.b, 0, outputs * rank)).map((value) => value * this.#scale);
    return { a, b, rank, inputs, outputs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }

  #replacement(name: string): string {
    const key = this.replacements.get(name);
    if (key === undefined) throw new DuetError('internal', `The adapter does not replace "${name}".`);
    return key;
  }

  #shape(key: string): readonly number[] {
    return this.#file.tensors.get(key)?.shape ?? [];
  }
}

const mergeable = /^model\.layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)$/;

/**
 * The two factors of one weight's change, both row-major: `b` [outputs, r] and `a` [r, inputs], `b` already
 * scaled.
 */
export interface LowRankChange {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly rank: number;
  readonly inputs: number;
  readonly outputs: number;
}

function sortKeys(file: SafetensorsFile) {
  const factors = new Map<string, { a: string; b: string }>();
  const replacements = new Map<string, string>();
  for (const key of file.tensors.keys()) {
    const { module, part } = readKey(key);
    if (part === 'replacement') {
      replacements.set(currentName(module), key);
      continue;
    }
    if (!mergeable.test(module)) {
      throw new DuetError(
        'unsupported',
        `The adapter changes "${module}" (tensor "${key}"); ` +
          `only the decoder's q, k, v, o, gate, up and down projections can be merged.`,
      );
    }
    const name = `${module}.weight`;
    factors.set(name, { ...(factors.get(name) ?? { a: '', b: '' }), [part]: key });
  }
  for (const [name, { a, b }] of factors) {
    if (a === '' || b === '') {
      throw new DuetError('invalid_request', `The adapter has only one of lora_A and lora_B for "${name}".`);
    }
  }
  return { factors, replacements };
}

/**
 * Removes PEFT's wrapping from a key: `base_model.model.`, `.modules_to_save.`, the adapter's name `default`.
 */
function readKey(key: string): { module: string; part: 'a' | 'b' | 'replacement' } {
  const plain = key
    .replace(/^base_model\.model\./, '')
    .replace('.modules_to_save.', '.')
    .replace('.default.', '.');
  const factor = /^(.*)\.lora_([AB])\.weight$/.exec(plain);
  if (factor) return { module: factor[1] ?? '', part: factor[2] === 'A' ? 'a' : 'b' };
  if (plain.includes('.lora_')) {
    throw new DuetError('unsupported', `The adapter's tensor "${key}" is of a kind that cannot be merged.`);
  }
  return { module: plain, part: 'replacement' };
}

/**
 * The fields of a PEFT `adapter_config.json` that decide how it is merged; unsupported values are refused by
 * name.
 */
const loraConfigSchema = z.object({
  peft_type: z.literal('LORA'),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  use_rslora: z.boolean().default(false),
  use_dora: off('DoRA adapters are not supported'),
  fan_in_fan_out: off('transposed (fan_in_fan_out) adapters are not supported'),
  bias: z.literal('none', 'adapters that train biases are not supported').default('none'),
  lora_bias: off('adapters with biases are not supported'),
  use_qalora: off('quantisation-aware adapters are not supported'),
  use_bdlora: off('block-diagonal adapters are not supported'),
  rank_pattern: noPattern().nullish(),
  alpha_pattern: noPattern().nullish(),
  // These initialisations change the base weights, so the adapter alone does not give the trained model.
  init_lora_weights: z.union([z.boolean(), z.enum(['gaussian', 'eva', 'orthogonal'])]).default(true),
});

type LoraConfig = z.infer<typeof loraConfigSchema>;

/** The factor of B A: alpha / r, or alpha / sqrt(r) with rank-stabilised scaling. */
function loraScale(config: LoraConfig): number {
  return config.lora_alpha / (config.use_rslora ? Math.sqrt(config.r) : config.r);
}

function off(otherwise: string) {
  return z.literal(false, otherwise).nullish();
}

function noPattern() {
  return z.record(z.string(), z.never('ranks or alphas that differ between modules are not supported'));
}
