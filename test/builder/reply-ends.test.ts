import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readCheckpointConfig } from '../../server/builder/checkpoint/checkpoint-config.js';
import { readSpecialTokens } from '../../server/builder/checkpoint/special-tokens.js';
import { parityFolder } from '../runtime/support/parity-session.js';
import { changeConfig, checkpointCopy } from './support/checkpoint-copy.js';

/**
 * The tokens of a copy of a fixture with these files changed; its `<|endoftext|>` and `<|im_end|>` come
 * first.
 */
async function endsOf(config: unknown, generation: unknown) {
  const checkpoint = await checkpointCopy();
  if (config !== undefined) await changeConfig(checkpoint, { eos_token_id: config });
  if (generation !== undefined)
    await writeFile(join(checkpoint, 'generation_config.json'), JSON.stringify({ eos_token_id: generation }));
  const { architecture, endTokens } = await readCheckpointConfig(join(checkpoint, 'config.json'));
  return readSpecialTokens(checkpoint, architecture.decoder.vocabularySize, endTokens);
}

/** Ids of `<|im_end|>` and `<|endoftext|>` in the fixture. */
const { added_tokens: added } = z
  .object({ added_tokens: z.array(z.object({ id: z.int(), content: z.string() })) })
  .parse(JSON.parse(readFileSync(join(parityFolder, 'grid', 'tokenizer.json'), 'utf8')));
const idOf = (content: string) => added.find((token) => token.content === content)?.id ?? -1;
const [turnEnd, textEnd] = [idOf('<|im_end|>'), idOf('<|endoftext|>')];

test('without configured end tokens, replies end at the end of a turn or text', async () => {
  const { end, endsReply } = await endsOf(undefined, undefined);
  expect([end, ...endsReply]).toEqual([turnEnd, turnEnd, textEnd]);
});

test.each<[string, unknown, unknown, () => readonly number[]]>([
  ['generation_config.json names one token', undefined, 5, () => [turnEnd, 5]],
  ['generation_config.json names several', undefined, [7, 5], () => [turnEnd, 7, 5]],
  ['generation_config.json goes before config.json', 9, [5], () => [turnEnd, 5]],
  ['config.json is asked where there is no other', 9, undefined, () => [turnEnd, 9]],
  ['config.json is asked where the other is silent', 9, null, () => [turnEnd, 9]],
  ['the end of a turn is named once', turnEnd, undefined, () => [turnEnd]],
  ['both are named', undefined, [turnEnd, textEnd], () => [turnEnd, textEnd]],
])('%s', async (_what, config, generation, expected) => {
  expect((await endsOf(config, generation)).endsReply).toEqual(expected());
});

test('a token outside the vocabulary is refused by its id', async () => {
  await expect(endsOf(undefined, [5, 99_999])).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(/"eos_token_id" names 99999/) as string,
  });
});
