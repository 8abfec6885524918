import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PromptLayout } from '../../../../server/runtime/capabilities.js';
import type { ReplyPart } from '../../../../server/runtime/model.js';
import { readManifest } from '../../../../server/runtime/folder/model-folder.js';
import { OnnxModel } from '../../../../server/runtime/onnx/model.js';
import { ParityModels } from '../../support/parity-models.js';
import { parityPicture } from '../../support/parity-session.js';

const graphs = { threads: 1 };
const remove = { maxTokens: 6, repetitionPenalty: 1, afterwards: 'remove' } as const;

let models: ParityModels;
let path: string;

beforeAll(async () => {
  models = await ParityModels.create();
  path = await models.build('grid');
});

afterAll(() => models[Symbol.asyncDispose]());

/** The reply after one frame of a model whose manifest has these tokens end a reply. */
async function replyOf(promptLayout: PromptLayout, endsReply: readonly number[] | null) {
  const manifest = await readManifest(path);
  const tokens = { ...manifest.tokens, endsReply: [...(endsReply ?? manifest.tokens.endsReply)] };
  await using model = await OnnxModel.load(path, { ...manifest, tokens }, graphs);
  await using context = await model.openContext({ systemPrompt: 'Watch the video.', promptLayout });
  await context.appendFrames([parityPicture(1, manifest.picture.side)]);
  let last: ReplyPart | null = null;
  for await (const part of context.generateReply(remove)) last = part;
  if (last?.type !== 'end') throw new Error('the reply had no end');
  return last;
}

test('a token that the manifest names ends a reply, but not in the layout of the reference', async () => {
  for (const layout of ['trained', 'reference'] as const) {
    const usual = await replyOf(layout, null);
    const [first, second] = usual.tokenIds ?? [];
    if (first === undefined || second === undefined) throw new Error('the model says nothing');
    const ended = await replyOf(layout, [second]);
    if (layout === 'trained')
      expect(ended).toMatchObject({ type: 'end', reason: 'completed', tokens: 1, tokenIds: [first] });
    else expect(ended).toEqual(usual);
  }
});
