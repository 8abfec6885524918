import { join } from 'node:path';
import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { maxTokenizerBytes } from '../../read-json-file.js';
import { modelLimits } from '../../runtime/folder/limits.js';
import { exists, readCheckedJson } from '../json-file.js';

/**
 * Gives `texts` ids behind every token of the tokenizer in `folder`: in the unused rows at the end of a
 * vocabulary of `size` tokens where there are enough, otherwise in new rows, up to a multiple of 64, which
 * tensor parallelism divides. Throws 'invalid_request' if the tokenizer has one of them already, or a token
 * outside of the vocabulary.
 */
export async function foldVocabulary(
  folder: string,
  size: number,
  texts: readonly string[],
): Promise<FoldedVocabulary> {
  const files = await readTokenizerFiles(folder);
  const known = knownTokens(files);
  const twice = texts.find((text) => known.has(text));
  if (twice !== undefined) {
    throw new DuetError(
      'invalid_request',
      `${folder}: the tokenizer has a token ${twice} already; fold the checkpoint from which this one was made`,
    );
  }
  const first = 1 + largest(idsOf(files));
  if (first > size) {
    throw new DuetError(
      'invalid_request',
      `${folder}: the tokenizer has a token ${first - 1}, but config.json's "vocab_size" is ${size}`,
    );
  }
  const ids = new Map(texts.map((text, index) => [text, first + index]));
  const needed = first + texts.length;
  const foldedSize = needed <= size ? size : Math.ceil(needed / divisor) * divisor;
  return { size: foldedSize, ids, files: withTokens(files, ids) };
}

/** A vocabulary with some tokens more. */
export interface FoldedVocabulary {
  /** Rows of embeddings and language head. */
  readonly size: number;
  /** The new tokens. */
  readonly ids: ReadonlyMap<string, number>;
  /** The tokenizer's files with the new tokens, by name. */
  readonly files: Readonly<Record<string, object>>;
}

/** What the number of rows is divisible by when it grows. */
const divisor = 64;

const id = z.int().min(0).max(modelLimits.vocabulary);

const tokenizerSchema = z.looseObject({
  added_tokens: z.array(z.looseObject({ id, content: z.string() })).default([]),
  model: z.looseObject({ type: z.literal('BPE'), vocab: z.record(z.string(), id) }),
});

const settingsSchema = z.looseObject({
  added_tokens_decoder: z
    .record(z.string().regex(/^\d{1,7}$/), z.looseObject({ content: z.string() }))
    .default({}),
});

const addedSchema = z.record(z.string(), id);

type TokenizerFiles = Awaited<ReturnType<typeof readTokenizerFiles>>;

async function readTokenizerFiles(folder: string) {
  const tokenizer = await readCheckedJson(join(folder, 'tokenizer.json'), tokenizerSchema, maxTokenizerBytes);
  const settingsPath = join(folder, 'tokenizer_config.json');
  const settings = (await exists(settingsPath))
    ? await readCheckedJson(settingsPath, settingsSchema)
    : { tokenizer_class: 'PreTrainedTokenizerFast', added_tokens_decoder: {} };
  const addedPath = join(folder, 'added_tokens.json');
  const added = (await exists(addedPath)) ? await readCheckedJson(addedPath, addedSchema) : null;
  return { tokenizer, settings, added };
}

function knownTokens({ tokenizer, settings, added }: TokenizerFiles): ReadonlySet<string> {
  return new Set([
    ...Object.keys(tokenizer.model.vocab),
    ...tokenizer.added_tokens.map(({ content }) => content),
    ...Object.values(settings.added_tokens_decoder).map(({ content }) => content),
    ...Object.keys(added ?? {}),
  ]);
}

function* idsOf({ tokenizer, settings, added }: TokenizerFiles): Generator<number> {
  yield* Object.values(tokenizer.model.vocab);
  for (const token of tokenizer.added_tokens) yield token.id;
  yield* Object.keys(settings.added_tokens_decoder).map(Number);
  yield* Object.values(added ?? {});
}

function largest(numbers: Iterable<number>): number {
  let most = -1;
  for (const number of numbers) most = Math.max(most, number);
  return most;
}

function withTokens(
  { tokenizer, settings, added }: TokenizerFiles,
  ids: ReadonlyMap<string, number>,
): FoldedVocabulary['files'] {
  const marks = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const tokens = [...ids].map(([content, id]) => ({ id, content, ...marks }));
  const decoder = Object.fromEntries([...ids].map(([content, id]) => [id, { content, ...marks }]));
  return {
    'tokenizer.json': { ...tokenizer, added_tokens: [...tokenizer.added_tokens, ...tokens] },
    'tokenizer_config.json': {
      ...settings,
      added_tokens_decoder: { ...settings.added_tokens_decoder, ...decoder },
    },
    ...(added === null ? {} : { 'added_tokens.json': { ...added, ...Object.fromEntries(ids) } }),
  };
}
