import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import onnxProto from 'onnx-proto';
import { expect, test } from 'vitest';
import { buildModel } from '../../server/builder/build-model.js';
import { inspectModel } from '../../server/builder/inspect-model.js';
import { readModelFolder } from '../../server/runtime/folder/model-folder.js';
import { changeConfig } from './support/checkpoint-copy.js';
import { detectorSide, randomTokens, writeDetectorCheckpoint } from './support/detector-checkpoint.js';
import { temporaryFolder } from './support/temporary-folder.js';

async function detectorCheckpoint(): Promise<string> {
  const folder = await temporaryFolder();
  await writeDetectorCheckpoint(folder);
  return folder;
}

async function groundedCheckpoint(): Promise<string> {
  const folder = await temporaryFolder();
  await writeDetectorCheckpoint(folder, true);
  return folder;
}

async function build(checkpoint: string) {
  return buildModel({ checkpoint, precision: 'fp16', output: join(checkpoint, 'built') });
}

test('a checkpoint with a detector as tower becomes a folder that says so', async () => {
  const { output, manifest, skipped } = await build(await detectorCheckpoint());
  expect(manifest).toMatchObject({
    tower: { type: 'detector', association: 1 },
    picture: { side: detectorSide, fit: 'stretch' },
    tokensPerFrame: 2,
  });
  expect(Object.keys(manifest.files)).toContain('tokens.onnx');
  expect(skipped).toEqual([]);
  expect((await inspectModel(output)).good).toBe(true);
  expect((await readModelFolder(output)).manifest).toEqual(manifest);
});

test('a folder whose detector has lost its tokens is refused', async () => {
  const { output, manifest } = await build(await detectorCheckpoint());
  const files = Object.fromEntries(Object.entries(manifest.files).filter(([name]) => name !== 'tokens.onnx'));
  await writeFile(join(output, 'manifest.json'), JSON.stringify({ ...manifest, files }));
  await expect(readModelFolder(output)).rejects.toThrow('does not list tokens.onnx');
});

test('a grounded one brings its sentences along', async () => {
  const checkpoint = await groundedCheckpoint();
  const { output, manifest } = await build(checkpoint);
  expect(manifest.tower).toEqual({ type: 'detector', association: 1, grounded: true });
  const files = Object.fromEntries(
    Object.entries(manifest.files).filter(([name]) => name !== 'sentences.json'),
  );
  await writeFile(join(output, 'manifest.json'), JSON.stringify({ ...manifest, files }));
  await expect(readModelFolder(output)).rejects.toThrow('does not list sentences.json');
  await writeFile(join(checkpoint, 'sentences.json'), '{"format": 2}');
  await rm(output, { recursive: true });
  await expect(build(checkpoint)).rejects.toThrow(/sentences\.json cannot be used/);
});

test.each([
  ['without its tokens', (folder: string) => rm(join(folder, 'tokens.onnx')), /Cannot read .*tokens\.onnx/],
  [
    'that is no graph',
    (folder: string) => writeFile(join(folder, 'vision.onnx'), 'no graph'),
    /vision\.onnx is not an ONNX file|vision\.onnx holds no graph/,
  ],
  [
    'with the tokens of another frame size',
    (folder: string) => writeFile(join(folder, 'tokens.onnx'), randomTokens(3)),
    /output "frame_embeds" has the shape \[n, 3, 64\]; it must be \[n, 2, 64\]/,
  ],
  [
    'with a graph in the place of another',
    (folder: string) => writeFile(join(folder, 'vision.onnx'), randomTokens(2)),
    /vision\.onnx has the inputs slots, scene; a detector's graph has pixel_values/,
  ],
  [
    'with weights in another file',
    (folder: string) => writeFile(join(folder, 'tokens.onnx'), withWeightsElsewhere()),
    /keeps the weight "far" in another file/,
  ],
  [
    'that follows things in an unknown way',
    (folder: string) =>
      changeConfig(folder, {
        duet_tower: { type: 'detector', association: 9, picture_side: 16, tokens_per_frame: 2 },
      }),
    /field "duet_tower\.association"/,
  ],
])('a detector %s is refused', async (_, spoil, message) => {
  const checkpoint = await detectorCheckpoint();
  await spoil(checkpoint);
  await expect(build(checkpoint)).rejects.toThrow(message);
});

function withWeightsElsewhere(): Uint8Array {
  const { ModelProto, TensorProto } = onnxProto.onnx;
  const model = ModelProto.decode(randomTokens(2));
  model.graph?.initializer?.push({
    ...{ name: 'far', dataType: 1, dims: [1] },
    dataLocation: TensorProto.DataLocation.EXTERNAL,
    externalData: [{ key: 'location', value: '../../secret' }],
  });
  return ModelProto.encode(model).finish();
}
