import { join } from 'node:path';
import { z } from 'zod';
import type { Manifest } from '../../runtime/folder/manifest.js';
import { DuetError } from '../../errors.js';
import { maxTokenizerBytes } from '../../read-json-file.js';
import { exists, readCheckedJson } from '../json-file.js';

/**
 * Finds the chat markup's tokens and those that end a reply: `<|im_end|>` plus the ones in
 * generation_config.json of the checkpoint's `folder`, else in config.json (`ofConfig`), else
 * `<|endoftext|>`. Throws `DuetError` 'invalid_request' naming a token that is missing or out of range.
 */
export async function readSpecialTokens(
  folder: string,
  vocabularySize: number,
  ofConfig: z.output<typeof endTokensSchema>,
): Promise<Manifest['tokens']> {
  const path = join(folder, 'tokenizer.json');
  const { added_tokens: tokens } = await readCheckedJson(path, tokenizerSchema, maxTokenizerBytes);
  const ids = new Map(tokens.map(({ content, id }) => [content, id]));
  const find = (content: string): number => {
    const id = ids.get(content);
    if (id === undefined) {
      throw new DuetError(
        'invalid_request',
        `${path} lacks the special token ${content} of the Qwen2 chat markup.`,
      );
    }
    if (id >= vocabularySize) {
      throw new DuetError(
        'invalid_request',
        `${path}: ${content} has id ${id}, but config.json's "vocab_size" is ${vocabularySize}.`,
      );
    }
    return id;
  };
  const end = find('<|im_end|>');
  const said = (await generationEnds(folder)) ?? ofConfig ?? find('<|endoftext|>');
  const endsReply = [...new Set([end, said].flat())];
  const outside = endsReply.find((id) => id < 0 || id >= vocabularySize);
  if (outside !== undefined) {
    throw new DuetError(
      'invalid_request',
      `${folder}: "eos_token_id" names ${outside}, but config.json's "vocab_size" is ${vocabularySize}.`,
    );
  }
  return { start: find('<|im_start|>'), end, endsReply };
}

/** The parts of a Hugging Face tokenizer.json that hold special tokens. */
const tokenizerSchema = z.object({
  added_tokens: z.array(z.object({ id: z.int().nonnegative(), content: z.string() })).default([]),
  model: z.object({ type: z.literal('BPE') }),
});

/** `eos_token_id` as Hugging Face writes it. */
export const endTokensSchema = z.union([z.int(), z.array(z.int()).min(1).max(64)]).nullish();

const generationSchema = z.object({ eos_token_id: endTokensSchema });

async function generationEnds(folder: string): Promise<z.output<typeof endTokensSchema>> {
  const path = join(folder, 'generation_config.json');
  return (await exists(path)) ? (await readCheckedJson(path, generationSchema)).eos_token_id : null;
}
