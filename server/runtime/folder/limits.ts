import { z } from 'zod';

/**
 * Sizes beyond every model there is. What is larger in a manifest or a checkpoint is damage or malice and is
 * refused before anything is allocated for it.
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
  /** Numbers that all layers, heads and both parts of the cache hold for one token. */
  cachePerToken: 1_048_576,
} as const;

/** A whole number from 1 to a limit. */
export function sizeUpTo(limit: number): z.ZodInt {
  return z.int().min(1).max(limit);
}
