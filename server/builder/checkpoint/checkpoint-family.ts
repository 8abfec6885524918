import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { exists, readCheckedJson } from '../json-file.js';

/**
 * Throws 'unsupported', naming the family, unless config.json in `folder` belongs to a supported checkpoint;
 * call it before any other check. Throws 'invalid_request' for an adapter's folder, saying how to use it. A
 * folder with neither passes.
 */
export async function requireReadableFamily(folder: string): Promise<void> {
  if (!(await exists(join(folder, 'config.json')))) {
    if (await exists(join(folder, 'adapter_config.json'))) throw await adapterAlone(folder);
    return;
  }
  const family = await familyOf(join(folder, 'config.json'));
  if (family === null) return;
  throw new DuetError('unsupported', `${folder}: this is a ${family} checkpoint; ${readable}.`);
}

/** The supported checkpoints, as error messages describe them. */
const readable =
  'Duet reads LLaVA-OneVision checkpoints with a Qwen2 decoder in their ' +
  'original layout (model_type "llava_qwen" or "llava", ' +
  'LlavaQwenForCausalLM), such as MMDuet';

/** Families whose name in config.json says little, or that people mistake for supported ones. */
const familyNames: Readonly<Record<string, string>> = {
  qwen2_5_vl: 'Qwen2.5-VL (MMDuet2)',
  qwen2_5_vl_text: 'Qwen2.5-VL (MMDuet2)',
  qwen2_vl: 'Qwen2-VL',
  qwen3_vl: 'Qwen3-VL',
  qwen3_vl_moe: 'Qwen3-VL',
  qwen2_5_omni: 'Qwen2.5-Omni',
  qwen2: 'plain Qwen2 text',
  qwen2_moe: 'plain Qwen2 text',
  qwen3: 'plain Qwen3 text',
  llama: 'plain Llama text',
  mistral: 'plain Mistral text',
  llava_llama: 'LLaVA-1.5',
  llava_mistral: 'LLaVA-NeXT',
  llava_next: 'LLaVA-NeXT',
  llava_next_video: 'LLaVA-NeXT-Video',
  llava_onevision: 'LLaVA-OneVision in the layout of transformers',
  video_llava: 'Video-LLaVA',
  internvl: 'InternVL',
  internvl_chat: 'InternVL',
  siglip: 'SigLIP',
  siglip_vision_model: 'SigLIP',
};

/** Both LLaVA-1.5 and LLaVA-OneVision say `llava`; the class name distinguishes them. */
const oursByType = new Set(['llava_qwen', 'llava']);
const oursByClass = 'LlavaQwenForCausalLM';

const familySchema = z.object({
  model_type: z.string().max(200).nullish(),
  architectures: z.array(z.string().max(200)).max(20).nullish(),
});

/** The family of an unsupported checkpoint; null for a supported one, or when config.json does not say. */
async function familyOf(path: string): Promise<string | null> {
  const { model_type: type, architectures } = await readCheckedJson(path, familySchema);
  const [architecture] = architectures ?? [];
  const oursByName = architecture === undefined || architecture === oursByClass;
  if ((type ?? null) === null) return oursByName ? null : architecture;
  const name = type ?? '';
  if (oursByType.has(name)) return oursByName ? null : `LLaVA-1.5 (${architecture})`;
  return Object.hasOwn(familyNames, name) ? (familyNames[name] ?? name) : `"${name}"`;
}

const baseSchema = z.object({ base_model_name_or_path: z.string().max(500).nullish() });

async function adapterAlone(folder: string): Promise<DuetError> {
  const { base_model_name_or_path: base } = await readCheckedJson(
    join(folder, 'adapter_config.json'),
    baseSchema,
  );
  const of = base ? ` of ${base}` : '';
  return new DuetError(
    'invalid_request',
    `${folder} is an adapter${of}, not a whole checkpoint: name the folder of its base and add it with ` +
      `--adapter, as in duet model build BASE --adapter ${folder} -o MODEL`,
  );
}
