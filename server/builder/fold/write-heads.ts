import { join, resolve } from 'node:path';
import type { ScoreName } from '../../runtime/capabilities.js';
import { headTensors } from '../../runtime/heads/duet-heads.js';
import { readCheckpointConfig } from '../checkpoint/checkpoint-config.js';
import { requireReadableFamily } from '../checkpoint/checkpoint-family.js';
import { OutputFolder } from '../output-folder.js';
import { OpenedWeights } from '../weights/opened-weights.js';
import { wholeTensor, writeTensors } from '../weights/safetensors-shards.js';
import type { FoldOptions } from './fold-checkpoint.js';
import { headsOf } from './heads-of.js';
import { requireEmptyFolder } from './output-space.js';

/**
 * Writes the two heads of a checkpoint alone, as float32, into `heads.safetensors`, for engines that give
 * hidden states. Returns the file's path. Throws as {@link foldCheckpoint} does.
 */
export async function writeHeads(options: Omit<FoldOptions, 'layout' | 'shardBytes'>): Promise<string> {
  await requireReadableFamily(options.checkpoint);
  const { architecture } = await readCheckpointConfig(join(options.checkpoint, 'config.json'));
  await requireEmptyFolder(options.output);
  await using weights = await OpenedWeights.open(options);
  const heads = await headsOf(weights.merged, architecture.decoder.hiddenSize);
  const tensors = (['informative', 'relevance'] satisfies ScoreName[]).flatMap((name) => {
    const { weight, bias } = heads[name];
    const names = headTensors[name];
    const ofWeight = wholeTensor(names.weight, 'F32', [2, weight.length / 2], weight);
    return bias === null ? [ofWeight] : [ofWeight, wholeTensor(names.bias, 'F32', [2], bias)];
  });
  await using folder = await OutputFolder.prepare(options.output);
  await writeTensors(join(folder.workingPath, fileName), tensors);
  await folder.publish();
  return join(resolve(options.output), fileName);
}

const fileName = 'heads.safetensors';
