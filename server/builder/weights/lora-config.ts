import { z } from 'zod';

/** The fields of a PEFT `adapter_config.json` that decide how it is merged; what would need another way is refused by its field. */
export const loraConfigSchema = z.object({
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

/** A validated adapter config. */
export type LoraConfig = z.infer<typeof loraConfigSchema>;

/** The factor of B A: alpha / r, or alpha / sqrt(r) with rank-stabilised scaling. */
export function loraScale(config: LoraConfig): number {
  return config.lora_alpha / (config.use_rslora ? Math.sqrt(config.r) : config.r);
}

function off(otherwise: string) {
  return z.literal(false, otherwise).nullish();
}

function noPattern() {
  return z.record(z.string(), z.never('ranks or alphas that differ between modules are not supported'));
}
