import { pictureShapeFor } from '../../../../server/runtime/capabilities.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ContextOptions } from '../../../../server/runtime/model.js';
import { readManifest } from '../../../../server/runtime/folder/model-folder.js';
import { OnnxModel } from '../../../../server/runtime/onnx/model.js';
import { ParityModels } from '../../support/parity-models.js';
import { parityPicture } from '../../support/parity-session.js';

const trained: ContextOptions = { systemPrompt: 'Watch the video.', promptLayout: 'trained' };

let models: ParityModels;
let model: OnnxModel;

beforeAll(async () => {
  models = await ParityModels.create();
  const path = await models.build('grid');
  const options = { threads: 1, rowsPerSlice: 4 };
  model = await OnnxModel.load(path, await readManifest(path), options);
});

afterAll(async () => {
  await model[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

/** The scores of a frame after these texts. */
async function scoreAfter(texts: readonly string[], abortedBefore: string | null = null) {
  await using context = await model.openContext(trained);
  for (const text of texts) {
    if (text === abortedBefore) {
      const abort = new AbortController();
      const aborted = context.appendUserText('Nothing of this stays here. '.repeat(20), abort.signal);
      setImmediate(() =>
        setImmediate(() =>
          setImmediate(() => {
            abort.abort();
          }),
        ),
      );
      await expect(aborted).rejects.toMatchObject({ code: 'cancelled' });
    }
    await context.appendUserText(text);
  }
  const [frame] = await context.appendFrames([parityPicture(3, pictureShapeFor(model.capabilities).side)]);
  return { scores: frame?.scores, size: context.size };
}

describe('texts before one frame', () => {
  test('follow each other: each but the first costs its own turn and no stream turn', async () => {
    const [one, two, three] = [
      await scoreAfter(['Now']),
      await scoreAfter(['Now', 'Now']),
      await scoreAfter(['Now', 'Now', 'Now']),
    ];
    const turn = two.size - one.size;
    expect(three.size - two.size).toBe(turn);
    const text = await model.measure('user\nNow');
    // `\n`, the start token, the text with its role, the end token.
    expect(turn).toBe((await model.measure('\n')) + 1 + text + 1);
  });

  test('come to the same when a text between them was aborted half way', async () => {
    const whole = await scoreAfter(['One', 'Two']);
    const mended = await scoreAfter(['One', 'Two'], 'Two');
    expect(mended.size).toBe(whole.size);
    expect(mended.scores?.informative).toBeCloseTo(whole.scores?.informative ?? NaN, 6);
    expect(mended.scores?.relevance).toBeCloseTo(whole.scores?.relevance ?? NaN, 6);
  });
});
