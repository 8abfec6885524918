import { join } from 'node:path';
import type { PromptedFolder } from '../../prompted/prompted-folder.js';
import type { ModelParts } from '../context/model-parts.js';
import type { LoadGraph } from '../fit/graph-fit.js';
import type { RunQueue } from '../graphs/run-queue.js';
import { Vocabulary } from '../graphs/vocabulary.js';
import { VisionEncoder } from '../sight/vision-encoder.js';
import { promptedLayout } from '../text/chat-layout.js';
import { readTokenizer } from '../text/tokenizer.js';
import { yesOrNoTokens } from '../text/yes-or-no.js';
import { describedEmbedTokens, describedMergedDecoder, describedVisionEncoder } from './described-export.js';
import { exportedNames } from './exported-names.js';
import { MergedDecoder } from './merged-decoder.js';

/** Loads the parts of an exported model through `load`, which takes a graph's path. */
export async function loadPromptedParts(
  { path, graphs, manifest, prompts, askEvery }: PromptedFolder,
  load: LoadGraph,
  queue: RunQueue,
): Promise<Omit<ModelParts, 'rowsPerSlice'>> {
  const tokenizer = await readTokenizer(join(path, 'tokenizer.json'), manifest.tokens);
  const answers = yesOrNoTokens(tokenizer);
  const vision = await load(graphs.vision, describedVisionEncoder(manifest));
  const embed = await load(graphs.embed, describedEmbedTokens(manifest));
  const decoder = await load(graphs.decoder, describedMergedDecoder(manifest));
  const { informative, relevance } = prompts;
  return {
    ...{ manifest, tokenizer },
    sight: new VisionEncoder(vision, manifest, queue, exportedNames.imageFeatures),
    sayings: null,
    vocabulary: new Vocabulary(embed, null, manifest.decoder, queue),
    decoder: new MergedDecoder(decoder, manifest.decoder, queue),
    scoring: { type: 'questions', informative, relevance, every: askEvery, answers },
    layOut: promptedLayout(prompts),
  };
}
