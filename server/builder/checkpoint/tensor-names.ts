/**
 * Names of the tensors in published checkpoints (LLaVA-OneVision with MMDuet's heads), per building block.
 */

/** Prefix of everything in the vision tower. */
export const visionTower = 'model.vision_tower.vision_tower.vision_model';

/** The vision tower's input stage. */
export const visionEmbeddings = {
  patchWeight: `${visionTower}.embeddings.patch_embedding.weight`,
  patchBias: `${visionTower}.embeddings.patch_embedding.bias`,
  positions: `${visionTower}.embeddings.position_embedding.weight`,
} as const;

/** Prefix of a layer of the vision tower. */
export const visionLayer = (layer: number) => `${visionTower}.encoder.layers.${layer}`;

/** Prefix of a layer of the decoder. */
export const decoderLayer = (layer: number) => `model.layers.${layer}`;

/** Prefix of one of the projector's two linear layers. */
export const projectorLinear = (index: 0 | 2) => `model.mm_projector.${index}`;

export const tokenEmbeddings = 'model.embed_tokens.weight';
export const finalNorm = 'model.norm.weight';
export const languageHead = 'lm_head.weight';
export const informativeHead = 'informative_head.weight';
export const relevanceHead = 'relevance_head.weight';

/** MMDuet's earlier names of its two heads. */
const olderNames: Readonly<Record<string, string>> = {
  'response_head.weight': informativeHead,
  'related_head.weight': relevanceHead,
  'response_head.bias': 'informative_head.bias',
  'related_head.bias': 'relevance_head.bias',
};

/** The current name of a tensor that an older checkpoint calls something else. */
export function currentName(name: string): string {
  return olderNames[name] ?? name;
}
