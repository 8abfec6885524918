/**
 * The names in graphs exported for transformers.js.
 *
 * - `vision_encoder`: `pixel_values` [n, 3, side, side] -> `image_features` [n, tokens, hidden]
 * - `embed_tokens`: `input_ids` [1, s] -> `inputs_embeds` [1, s, hidden]
 * - `decoder_model_merged`: `inputs_embeds` [1, s, hidden], `attention_mask` [1, p + s], and for every layer
 *   the past [1, heads, p, headSize] -> `logits` [1, s, vocabulary], and for every layer past and new rows
 *   together. Some exports take `position_ids` [1, s], `use_cache_branch` [1] (false: without a past),
 *   `num_logits_to_keep`.
 */
export const exportedNames = {
  imageFeatures: 'image_features',
  attentionMask: 'attention_mask',
  positionIds: 'position_ids',
  useCacheBranch: 'use_cache_branch',
  logitsToKeep: 'num_logits_to_keep',
  past: (layer: number, part: 'key' | 'value') => `past_key_values.${layer}.${part}`,
  present: (layer: number, part: 'key' | 'value') => `present.${layer}.${part}`,
} as const;
