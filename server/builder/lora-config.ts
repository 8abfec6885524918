import { z } from 'zod';

/** What a PEFT `adapter_config.json` may say for us to merge it; everything else is refused by the name of its field. */
export const loraConfigSchema = z.object({
  peft_type: z.literal('LORA'),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  use_rslora: z.literal(true).or(z.literal(false)).default(false),
  use_dora: z.literal(false, 'DoRA adapters are not supported').default(false),
  fan_in_fan_out: z.literal(false, 'transposed (fan_in_fan_out) adapters are not supported').default(false),
  bias: z.literal('none', 'adapters that train biases are not supported').default('none'),
  lora_bias: z.literal(false, 'adapters with biases are not supported').default(false),
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

function noPattern() {
  return z.record(z.string(), z.never('ranks or alphas that differ between modules are not supported'));
}
