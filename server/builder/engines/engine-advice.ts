import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { exists, readCheckedJson } from '../json-file.js';
import { engineCommand, type EngineCommand } from './engine-commands.js';
import { engineFamilies } from './engine-families.js';

/**
 * What to do with the checkpoint in `folder`: build a model of it, or serve it with an engine. Reads
 * config.json alone. Null for a folder without one. Throws 'unsupported' for a model that sees no pictures,
 * 'invalid_request' for a file that is no such config.
 */
export async function engineAdvice(folder: string): Promise<EngineAdvice | null> {
  const path = join(folder, 'config.json');
  if (!(await exists(path))) return null;
  const config = await readCheckedJson(path, configSchema);
  const [architecture = ''] = config.architectures ?? [];
  const type = config.model_type ?? '';
  const isOurs = architecture === ours || (architecture === '' && oursByType.has(type));
  if (isOurs)
    return { kind: 'ours', architecture: ours, name: 'LLaVA-OneVision in its original layout, as MMDuet' };
  const family = Object.hasOwn(engineFamilies, architecture) ? engineFamilies[architecture] : undefined;
  if (family !== undefined) {
    const { name, engines, ollama = null, note = null } = family;
    const commands = engines.map((engine) => engineCommand(engine, folder, ollama));
    return { kind: 'known', architecture, name, note, commands };
  }
  const said = architecture === '' ? `model_type "${type}"` : architecture;
  if (!seesPictures(config)) {
    throw new DuetError(
      'unsupported',
      `${folder}: this is ${said}, and its config.json says nothing of pictures; Duet needs a model that sees`,
    );
  }
  return { kind: 'unknown', architecture: said, commands: [engineCommand('vllm', folder, null)] };
}

/** What to do with a checkpoint. */
export type EngineAdvice =
  | { readonly kind: 'ours'; readonly architecture: string; readonly name: string }
  | {
      readonly kind: 'known';
      readonly architecture: string;
      readonly name: string;
      readonly note: string | null;
      readonly commands: readonly EngineCommand[];
    }
  | {
      /** It seems to see pictures, but nobody here knows which engine runs it. */
      readonly kind: 'unknown';
      readonly architecture: string;
      readonly commands: readonly EngineCommand[];
    };

const ours = 'LlavaQwenForCausalLM';
const oursByType = new Set(['llava_qwen', 'llava']);

const name = z.string().max(200);

const configSchema = z.looseObject({
  architectures: z.array(name).max(20).nullish(),
  model_type: name.nullish(),
});

/** Fields by which configs of vision language models describe what they see with. */
const sightFields = ['vision_config', 'mm_vision_tower', 'image_token_id', 'image_token_index', 'visual'];

function seesPictures(config: z.infer<typeof configSchema>): boolean {
  return sightFields.some((field) => config[field] !== undefined && config[field] !== null);
}
