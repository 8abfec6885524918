import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import onnxProto from 'onnx-proto';
import type { onnx } from 'onnx-proto';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../../server/runtime/folder/manifest.js';
import { readManifest } from '../../../../server/runtime/folder/model-folder.js';
import type { DuetModel } from '../../../../server/runtime/model.js';
import { OnnxModel } from '../../../../server/runtime/onnx/model.js';
import { TrackerModel } from '../../../../server/runtime/onnx/tracker-model.js';
import { readPromptedFolder } from '../../../../server/runtime/prompted/prompted-folder.js';
import { temporaryFolder } from '../../../transport/test-server.js';

const at = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const nano = at('models/duet-nano');
const sight = at('models/duet-sight');
const exported = at('test/golden/exported/model');

const threads = { threads: 1 };
const { ModelProto } = onnxProto.onnx;

/** What loading says, in one line. */
async function refusalOf(loading: Promise<DuetModel>, code = 'model_failed'): Promise<string> {
  const error: unknown = await loading.then(
    (model) => model[Symbol.asyncDispose](),
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'DuetError', code });
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message;
}

describe.each([
  ['an encoder of pictures', nano],
  ['a detector', sight],
])('the folder of %s', (_, folder) => {
  test('fits as it is', async () => {
    await using model = await OnnxModel.load(folder, await readManifest(folder), threads);
    expect(model.capabilities.name).toContain('duet-');
  });

  test.each<[string, Partial<Manifest['decoder']>, RegExp]>([
    [
      'hiddenSize',
      { hiddenSize: 300 },
      /\.onnx gives frame_embeds \[\w+, \d, 256\] where manifest.json says decoder.hiddenSize = 300;/,
    ],
    [
      'headSize',
      { headSize: 32 },
      /decoder.onnx takes past_key.0.0 \[p, 64\] where manifest.json says decoder.headSize = 32;/,
    ],
    [
      'layers, too many',
      { layers: 9 },
      /decoder.onnx has \d+ inputs of its cache where manifest.json makes 36 /,
    ],
    ['layers, too few', { layers: 3 }, /decoder.onnx has \d+ .* makes 12 \(decoder.layers 3, .*Heads 2\)/],
    ['keyValueHeads', { keyValueHeads: 4 }, /decoder.onnx has \d+ .*keyValueHeads 4\)/],
    [
      'vocabularySize',
      { vocabularySize: 4000 },
      /lm_head.onnx gives logits \[n, \d+\] where manifest.json says decoder.vocabularySize = 4000;/,
    ],
  ])('is refused for another decoder.%s, with the file and both numbers', async (_, changes, message) => {
    const manifest = await readManifest(folder);
    const other = { ...manifest, decoder: { ...manifest.decoder, ...changes } };
    expect(await refusalOf(OnnxModel.load(folder, other, threads))).toMatch(message);
  });

  test('is refused for other pictures, as many rules as it may speak by', async () => {
    const manifest = await readManifest(folder);
    const other = { ...manifest, picture: { ...manifest.picture, side: 224 } };
    const message =
      /vision.onnx takes pixel_values \[frames, 3, (\d+), \1\] where manifest.json says picture.side = 224;/;
    expect(await refusalOf(OnnxModel.load(folder, other, threads))).toMatch(message);
    expect(await refusalOf(TrackerModel.load(folder, other, threads))).toMatch(message);
  });

  test('is refused for another number of tokens', async () => {
    const other = { ...(await readManifest(folder)), tokensPerFrame: 7 };
    expect(await refusalOf(OnnxModel.load(folder, other, threads))).toMatch(
      /(vision|tokens).onnx gives frame_embeds \[\w+, \d, 256\] where manifest.json says tokensPerFrame = 7;/,
    );
  });
});

test('a detector that the manifest does not speak of is refused, and one that is not there', async () => {
  const { tower, ...plain } = await readManifest(sight);
  expect(await refusalOf(OnnxModel.load(sight, plain, threads))).toContain(
    'vision.onnx gives no frame_embeds [frames, 5, 256];',
  );
  if (tower === undefined) throw new Error('the model has no detector');
  const other = { ...(await readManifest(nano)), tower };
  for (const loading of [OnnxModel.load(nano, other, threads), TrackerModel.load(nano, other, threads)]) {
    expect(await refusalOf(loading)).toContain('vision.onnx gives no detections [frames, 16, 88];');
  }
});

describe('an exported folder', () => {
  async function copy(): Promise<string> {
    const folder = await temporaryFolder();
    await cp(exported, folder, { recursive: true });
    return folder;
  }

  async function changeConfig(folder: string, part: string, changes: object): Promise<void> {
    const file = join(folder, 'config.json');
    const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, object>;
    await writeFile(file, JSON.stringify({ ...config, [part]: { ...config[part], ...changes } }));
  }

  async function changeGraph(folder: string, name: string, change: (graph: onnx.IGraphProto) => void) {
    const file = join(folder, 'onnx', `${name}.onnx`);
    const model = ModelProto.decode(await readFile(file));
    if (!model.graph) throw new Error('no graph');
    change(model.graph);
    await writeFile(file, ModelProto.encode(model).finish());
  }

  const load = async (folder: string) =>
    OnnxModel.loadPrompted(await readPromptedFolder(folder, 'fp32'), threads);

  test.each<[string, string, object, RegExp]>([
    [
      'hidden size',
      'text_config',
      { hidden_size: 64, head_dim: 8 },
      /vision_encoder.onnx gives image_features \[n, 9, 32\] where config.json says hidden_size = 64;/,
    ],
    [
      'tokens of a picture',
      'vision_config',
      { patch_size: 3 },
      /vision_encoder.onnx gives image_features .* config.json says \(image_size \/ patch_size\)² = 49;/,
    ],
    [
      'head size',
      'text_config',
      { head_dim: 16 },
      /merged.onnx takes past_key_values.0.key \[1, 2, p, 8\] where config.json says head_dim = 16;/,
    ],
    [
      'heads',
      'text_config',
      { num_key_value_heads: 1 },
      /merged.onnx takes past_key_values.0.key .* config.json says num_key_value_heads = 1;/,
    ],
    [
      'vocabulary',
      'text_config',
      { vocab_size: 500 },
      /merged.onnx gives logits \[\w+, s, 404\] where config.json says vocab_size = 500;/,
    ],
  ])('is refused for another %s, with the file and both numbers', async (_, part, changes, message) => {
    const folder = await copy();
    await changeConfig(folder, part, changes);
    expect(await refusalOf(load(folder))).toMatch(message);
  });

  test('is refused where its decoder gives no new rows, or wants what nobody gives', async () => {
    const folder = await copy();
    const decoder = 'decoder_model_merged';
    await changeGraph(folder, decoder, ({ output }) => output?.splice(-1, 1));
    expect(await refusalOf(load(folder))).toMatch(
      /merged.onnx gives no present.1.value \[1, 2, p \+ s, 8\];/,
    );
    const another = await copy();
    await changeGraph(another, 'embed_tokens', ({ input }) => {
      const [first] = input ?? [];
      if (first) input?.push({ ...first, name: 'per_layer_inputs' });
    });
    expect(await refusalOf(load(another), 'unsupported')).toMatch(
      /embed_tokens.onnx takes per_layer_inputs, which this runtime does not give;/,
    );
  });

  test('is refused as well where its graph declares nothing that could not be inferred', async () => {
    const folder = await copy();
    await changeGraph(folder, 'vision_encoder', ({ output }) => {
      for (const { type } of output ?? []) delete type?.tensorType?.shape;
    });
    await changeConfig(folder, 'vision_config', { patch_size: 3 });
    expect(await refusalOf(load(folder))).toMatch(
      /vision_encoder.onnx gives image_features \[, 9, 32\] .* = 49;/,
    );
  });
});
