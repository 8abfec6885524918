import { z } from 'zod';

/**
 * Sizes larger than any existing model's. Anything larger in a manifest or checkpoint is damaged or malicious
 * and is refused before memory is allocated for it.
 */
export const modelLimits = {
  side: 4096,
  tokensPerFrame: 4096,
  hiddenSize: 65_536,
  mlpSize: 1_048_576,
  layers: 512,
  heads: 1024,
  headSize: 1024,
  context: 16_777_216,
  vocabulary: 4_194_304,
  files: 1000,
  /** Numbers cached for one token: keys and values of all heads and layers. */
  cachePerToken: 1_048_576,
} as const;

/** A whole number from 1 to a limit. */
export function sizeUpTo(limit: number): z.ZodInt {
  return z.int().min(1).max(limit);
}
