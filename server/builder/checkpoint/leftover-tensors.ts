import type { Architecture } from './architecture.js';
import { DuetError } from '../../errors.js';
import { languageHead, visionTower } from './tensor-names.js';

/**
 * Lists the tensors that no graph reads and that may be left out; throws `DuetError` 'unsupported' naming the
 * first unknown one.
 */
export function explainLeftovers(
  names: Iterable<string>,
  used: ReadonlySet<string>,
  { tower, decoder }: Architecture,
): readonly SkippedTensor[] {
  const { layers, keptLayers } = tower.type === 'siglip' ? tower.vision : { layers: 0, keptLayers: 0 };
  const shape = { layers, keptLayers, tiedHead: decoder.tiedHead };
  const skipped: SkippedTensor[] = [];
  for (const name of names) {
    if (used.has(name)) continue;
    const reason = reasonToSkip(name, shape);
    if (reason === undefined) {
      throw new DuetError(
        'unsupported',
        `The tensor "${name}" is unknown to the builder; ` + 'does config.json belong to these weights?',
      );
    }
    skipped.push({ name, reason });
  }
  return skipped;
}

/** A tensor of the checkpoint that is left out. */
export interface SkippedTensor {
  readonly name: string;
  readonly reason: string;
}

/**
 * Why a tensor that no graph reads may be left out; undefined if it is unknown. `keptLayers` counts the
 * vision layers that are built, `layers` those of the original tower.
 */
function reasonToSkip(
  name: string,
  shape: { readonly layers: number; readonly keptLayers: number; readonly tiedHead: boolean },
): string | undefined {
  const visionLayerIndex = name.startsWith(`${visionTower}.encoder.layers.`)
    ? Number(name.slice(`${visionTower}.encoder.layers.`.length).split('.')[0])
    : -1;
  if (visionLayerIndex >= shape.keptLayers && visionLayerIndex < shape.layers) return 'removed vision layer';
  if (name.startsWith(`${visionTower}.post_layernorm.`))
    return 'features are taken before the post layer norm';
  if (name.startsWith(`${visionTower}.head.`)) return 'attention pooling head, unused for patch features';
  if (name === `${visionTower}.embeddings.position_ids`) return 'counting numbers';
  if (name === 'model.image_newline') return 'row separator of still pictures, unused for video frames';
  if (/^model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq$/.test(name)) return 'follows from rope_theta';
  if (name === languageHead && shape.tiedHead) return 'the head is tied to the token embeddings';
  return undefined;
}
