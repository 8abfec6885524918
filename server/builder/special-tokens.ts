import { z } from 'zod';
import type { Manifest } from '../runtime/manifest.js';
import { DuetError } from '../errors.js';
import { mostTokenizerBytes } from '../runtime/read-json.js';
import { readJson } from './json-file.js';

/** The parts of a Hugging Face tokenizer.json that hold special tokens. */
const tokenizerSchema = z.object({
  added_tokens: z.array(z.object({ id: z.int().nonnegative(), content: z.string() })).default([]),
  model: z.object({ type: z.literal('BPE') }),
});

/** Finds the chat markup's tokens. Throws `DuetError` 'invalid_request' naming the token that is missing or out of range. */
export async function readSpecialTokens(path: string, vocabularySize: number): Promise<Manifest['tokens']> {
  const { added_tokens: tokens } = await readJson(path, tokenizerSchema, mostTokenizerBytes);
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
  return { start: find('<|im_start|>'), end, endsReply: [end, find('<|endoftext|>')] };
}
