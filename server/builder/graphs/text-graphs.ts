import { graphNames } from '../../runtime/onnx/graphs/graph-names.js';
import type { DecoderArchitecture } from '../checkpoint/architecture.js';
import { GraphBuilder } from './graph-builder.js';
import type { ModelPart } from './model-part.js';
import { multiply } from './matrix-product.js';
import type { MatrixFormat, StoredMatrix } from '../weights/stored-matrix.js';
import { languageHead, tokenEmbeddings } from '../checkpoint/tensor-names.js';

/** Token ids to embeddings. Returns the table, which a tied language head shares. */
export async function addEmbeddingGraph(
  part: ModelPart,
  { vocabularySize, hiddenSize }: DecoderArchitecture,
  format: 'fp32' | 'fp16',
): Promise<StoredMatrix> {
  const { graph } = part;
  const ids = graph.input(graphNames.inputIds, 'int64', ['s']);
  const layer = { weights: [tokenEmbeddings], inputs: hiddenSize, outputs: [vocabularySize] };
  const table = await part.storeMatrix(layer, format);
  if (table.type === 'dense') {
    const stored = graph.external(table.tensor);
    const output = graphNames.inputsEmbeds;
    if (format === 'fp32') graph.node('Gather', [stored, ids], {}, output);
    else graph.node('Cast', [graph.node('Gather', [stored, ids])], { to: { int: 1 } }, output);
  }
  graph.output(graphNames.inputsEmbeds, 'float32', ['s', hiddenSize]);
  return table;
}

/** The language head with its own weights. */
export async function addLanguageHeadGraph(
  part: ModelPart,
  { vocabularySize, hiddenSize, tiedHead }: DecoderArchitecture,
  format: MatrixFormat,
): Promise<void> {
  const hidden = declareHead(part.graph, vocabularySize, hiddenSize);
  const weights = [tiedHead ? tokenEmbeddings : languageHead];
  await part.linear(
    hidden,
    { weights, inputs: hiddenSize, outputs: [vocabularySize] },
    format,
    graphNames.logits,
  );
}

/** The language head on the token embeddings in the embedding graph's weight file. */
export function tiedLanguageHeadGraph(
  table: StoredMatrix,
  { vocabularySize, hiddenSize }: DecoderArchitecture,
): GraphBuilder {
  const graph = new GraphBuilder('lm_head');
  multiply(graph, declareHead(graph, vocabularySize, hiddenSize), table, '', graphNames.logits);
  return graph;
}

function declareHead(graph: GraphBuilder, vocabularySize: number, hiddenSize: number): string {
  graph.output(graphNames.logits, 'float32', ['n', vocabularySize]);
  return graph.input(graphNames.hidden, 'float32', ['n', hiddenSize]);
}
