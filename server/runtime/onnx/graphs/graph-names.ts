/**
 * The names and shapes that the builder's graphs and the runtime share. Inputs and outputs are float32 and
 * int64 whatever the precision inside.
 *
 * - `vision.onnx`: `pixel_values` [frames, 3, side, side] -> `frame_embeds` [frames, tokensPerFrame, hidden]
 *   With a detector as tower: -> `detections` [frames, 16, 88] (x1 y1 x2 y2 in shares of the picture, score,
 *   mean colour r g b, 80 class scores; the best first, empty rows zero) and `scene` [frames, 50] (4 x 4 mean
 *   colours, brightness, sharpness); what is followed of them goes into
 * - `tokens.onnx`: `slots` [frames, 12, 133], `scene` [frames, 8] -> `frame_embeds`
 * - `embed.onnx`: `input_ids` [s] int64 -> `inputs_embeds` [s, hidden]
 * - `decoder.onnx`: `inputs_embeds` [s, hidden], `position_ids` [s] int64, and for every layer and key-value
 *   head the past rows [p, headSize] (p may be 0) -> `hidden` [s, hidden] after the final norm, `informative`
 *   [s, 2] and `relevance` [s, 2] logits, and for every layer and key-value head the new rows [s, headSize]
 *   only. Keys are stored after the rotary embedding.
 * - `lm_head.onnx`: `hidden` [n, hidden] -> `logits` [n, vocabulary]
 *
 * Weights are in `<graph>.onnx.data` next to each graph, so graphs are loaded by path; a language head tied
 * to the token embeddings reads `embed.onnx.data` and has no weight file of its own. `position_ids` need not
 * be contiguous with the past. Attention scores take queryHeads * s * (p + s) floats at once, so long texts
 * are best appended in blocks of a few hundred tokens.
 *
 * Each key-value head's past is its own array so that attention can read it without copying; the language
 * head is a graph of its own so that frame steps never compute it.
 */
export const graphNames = {
  pixelValues: 'pixel_values',
  frameEmbeds: 'frame_embeds',
  detections: 'detections',
  scene: 'scene',
  slots: 'slots',
  inputIds: 'input_ids',
  inputsEmbeds: 'inputs_embeds',
  positionIds: 'position_ids',
  hidden: 'hidden',
  informative: 'informative',
  relevance: 'relevance',
  logits: 'logits',
  pastKey: (layer: number, head: number) => `past_key.${layer}.${head}`,
  pastValue: (layer: number, head: number) => `past_value.${layer}.${head}`,
  newKey: (layer: number, head: number) => `new_key.${layer}.${head}`,
  newValue: (layer: number, head: number) => `new_value.${layer}.${head}`,
} as const;
