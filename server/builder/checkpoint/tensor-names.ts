/** Names of the tensors in published checkpoints (LLaVA-OneVision with MMDuet's heads), per building block. */

const tower = 'model.vision_tower.vision_tower.vision_model';

/** The vision tower's input stage. */
export const visionEmbeddings = {
  patchWeight: `${tower}.embeddings.patch_embedding.weight`,
  patchBias: `${tower}.embeddings.patch_embedding.bias`,
  positions: `${tower}.embeddings.position_embedding.weight`,
} as const;

/** Prefix of a layer of the vision tower. */
export const visionLayer = (layer: number) => `${tower}.encoder.layers.${layer}`;

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
};

/** The present name of a tensor that an older checkpoint calls otherwise. */
export function presentName(name: string): string {
  return olderNames[name] ?? name;
}

/**
 * Why a tensor that no graph reads may be left out; `undefined` means that nothing is known about it. `keptLayers` counts the vision
 * layers that are built, `layers` those of the original tower.
 */
export function reasonToSkip(
  name: string,
  shape: { readonly layers: number; readonly keptLayers: number; readonly tiedHead: boolean },
): string | undefined {
  const visionLayerIndex = name.startsWith(`${tower}.encoder.layers.`)
    ? Number(name.slice(`${tower}.encoder.layers.`.length).split('.')[0])
    : -1;
  if (visionLayerIndex >= shape.keptLayers && visionLayerIndex < shape.layers) return 'removed vision layer';
  if (name.startsWith(`${tower}.post_layernorm.`)) return 'features are taken before the post layer norm';
  if (name.startsWith(`${tower}.head.`)) return 'attention pooling head, unused for patch features';
  if (name === `${tower}.embeddings.position_ids`) return 'counting numbers';
  if (name === 'model.image_newline') return 'row separator of still pictures, unused for video frames';
  if (/^model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq$/.test(name)) return 'follows from rope_theta';
  if (name === languageHead && shape.tiedHead) return 'the head is tied to the token embeddings';
  return undefined;
}
