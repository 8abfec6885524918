import type { ScoreName } from '../../runtime/capabilities.js';
import { headTensors } from '../../runtime/heads/duet-heads.js';
import type { FoldedTokens } from '../../runtime/heads/folded-tokens.js';
import type { DecoderArchitecture } from '../checkpoint/architecture.js';
import { languageHead, tokenEmbeddings } from '../checkpoint/tensor-names.js';
import type { WeightSource } from '../checkpoint/weight-source.js';
import { wholeTensor, type TensorToWrite } from '../weights/safetensors-shards.js';
import type { EngineLayout } from './engine-layout.js';
import type { FoldedVocabulary } from './folded-vocabulary.js';
import { headRows } from './head-rows.js';
import { headTokens } from './head-tokens.js';
import { headsOf } from './heads-of.js';
import { copiedTensor, requireTable, vocabularyTable } from './table-tensors.js';

/**
 * The tensors of a folded checkpoint in the order in which they are written, and how scores are read from it.
 * A language head tied to the embeddings becomes one of its own, since only it carries the heads.
 */
export async function foldTensors(
  source: WeightSource,
  decoder: DecoderArchitecture,
  layout: EngineLayout,
  vocabulary: FoldedVocabulary,
): Promise<{ readonly tensors: readonly TensorToWrite[]; readonly tokens: FoldedTokens }> {
  const { hiddenSize, vocabularySize } = decoder;
  const head = decoder.tiedHead ? tokenEmbeddings : languageHead;
  for (const name of [tokenEmbeddings, head]) requireTable(source, name, vocabularySize, hiddenSize);
  const heads = await headsOf(source, hiddenSize);
  const rows = new Map<number, Float32Array>();
  const tokenFor = (text: string, values: Float32Array) => {
    const id = vocabulary.ids.get(text) ?? 0;
    rows.set(id, values);
    return { id, text };
  };
  const fold = (name: ScoreName) => {
    const { no, yes, offset } = headRows(heads[name], source.type(head));
    const texts = headTokens[name];
    return { no: tokenFor(texts.no, no), yes: tokenFor(texts.yes, yes), offset };
  };
  const tokens: FoldedTokens = {
    formatVersion: 1,
    informative: fold('informative'),
    relevance: fold('relevance'),
  };
  const table = (from: string, as: string, replaced: ReadonlyMap<number, Float32Array>) =>
    vocabularyTable(source, from, { as: layout.nameOf(as) ?? as, size: vocabulary.size, replaced });
  const embeddings = table(tokenEmbeddings, tokenEmbeddings, new Map());
  const languageHeadTable = table(head, languageHead, rows);
  return {
    tensors: [embeddings, ...others(source, layout), ...separator(source, layout), languageHeadTable],
    tokens,
  };
}

/** Tensors that are copied: all but the vocabulary's tables and the heads. */
function others(source: WeightSource, layout: EngineLayout): TensorToWrite[] {
  const folded = new Set([
    ...[tokenEmbeddings, languageHead],
    ...Object.values(headTensors).flatMap(({ weight, bias }) => [weight, bias]),
  ]);
  return [...source.names].flatMap((name) => {
    const as = folded.has(name) ? null : layout.nameOf(name);
    return as === null ? [] : [copiedTensor(source, name, as)];
  });
}

/** The row separator of still pictures where the layout wants one and the checkpoint has none: zeros. */
function separator(source: WeightSource, { rowSeparator, nameOf }: EngineLayout): TensorToWrite[] {
  if (rowSeparator === null || source.names.has(rowSeparator)) return [];
  const [, hiddenSize = 0] = source.shape(tokenEmbeddings);
  const zeros = new Float32Array(hiddenSize);
  return [
    wholeTensor(nameOf(rowSeparator) ?? rowSeparator, source.type(tokenEmbeddings), [hiddenSize], zeros),
  ];
}
