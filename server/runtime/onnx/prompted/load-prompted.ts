import { join } from 'node:path';
import { DuetError } from '../../../errors.js';
import type { PromptedFolder } from '../../prompted/prompted-folder.js';
import type { ModelParts } from '../context/model-parts.js';
import { graphNames } from '../graphs/graph-names.js';
import type { Graph } from '../graphs/graph.js';
import type { RunQueue } from '../graphs/run-queue.js';
import { Vocabulary } from '../graphs/vocabulary.js';
import { VisionEncoder } from '../sight/vision-encoder.js';
import { promptedLayout } from '../text/chat-layout.js';
import { readTokenizer } from '../text/tokenizer.js';
import { yesOrNoTokens } from '../text/yes-or-no.js';
import { exportedNames } from './exported-names.js';
import { MergedDecoder } from './merged-decoder.js';

/** Loads the parts of an exported model through `load`, which takes a graph's path. */
export async function loadPromptedParts(
  { path, graphs, manifest, prompts, askEvery }: PromptedFolder,
  load: (path: string) => Promise<Graph>,
  queue: RunQueue,
): Promise<Omit<ModelParts, 'rowsPerSlice'>> {
  const tokenizer = await readTokenizer(join(path, 'tokenizer.json'), manifest.tokens);
  const answers = yesOrNoTokens(tokenizer);
  const vision = await load(graphs.vision);
  requirePictures(vision, graphs.vision);
  const { informative, relevance } = prompts;
  return {
    ...{ manifest, tokenizer },
    sight: new VisionEncoder(vision, manifest, queue, exportedNames.imageFeatures),
    sayings: null,
    vocabulary: new Vocabulary(await load(graphs.embed), null, manifest.decoder, queue),
    decoder: new MergedDecoder(await load(graphs.decoder), manifest.decoder, queue),
    scoring: { type: 'questions', informative, relevance, every: askEvery, answers },
    layOut: promptedLayout(prompts),
  };
}

/**
 * Throws 'unsupported' unless the graph takes plain pictures: some exports take the views of a divided one.
 */
function requirePictures(vision: Graph, path: string): void {
  const shape = vision.shapeOf(graphNames.pixelValues);
  if (shape?.length === 4) return;
  throw new DuetError(
    'unsupported',
    `${path} takes pixel_values of shape [${(shape ?? []).join(', ')}] where [pictures, 3, side, side] is read`,
  );
}
