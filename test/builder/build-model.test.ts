import { createHash } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildModel } from '../../server/builder/build-model.js';
import type { BuildProgress } from '../../server/builder/build-options.js';
import { inspectModel } from '../../server/builder/inspect-model.js';
import { manifestSchema } from '../../server/runtime/folder/manifest.js';
import { changeConfig, changeTensors, checkpointCopy } from './support/checkpoint-copy.js';
import { fixtureFolder } from './support/parity-fixture.js';
import { temporaryFolder } from './support/temporary-folder.js';

test('a model folder holds graphs, weights, tokenizer and a manifest that lists every file', async () => {
  const output = join(await temporaryFolder(), 'deep', 'model');
  const report = await buildModel({ checkpoint: fixtureFolder('grid'), precision: 'fp32', output });
  const graphs = ['decoder', 'embed', 'lm_head', 'vision'].flatMap((name) => [
    `${name}.onnx`,
    `${name}.onnx.data`,
  ]);
  expect((await readdir(output)).sort()).toEqual([...graphs, 'manifest.json', 'tokenizer.json'].sort());

  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(output, 'manifest.json'), 'utf8')));
  expect(manifest).toEqual(report.manifest);
  expect(Object.keys(manifest.files).sort()).toEqual([...graphs, 'tokenizer.json'].sort());
  for (const [name, { bytes, sha256 }] of Object.entries(manifest.files)) {
    const content = await readFile(join(output, name));
    expect(content.length).toBe(bytes);
    expect(createHash('sha256').update(content).digest('hex')).toBe(sha256);
  }
  expect(manifest).toMatchObject({
    name: 'grid',
    precision: 'fp32',
    source: { checkpoint: 'grid', adapter: null },
    picture: { side: 130, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
    tokensPerFrame: 9,
    decoder: {
      hiddenSize: 64,
      layers: 3,
      queryHeads: 4,
      keyValueHeads: 2,
      headSize: 16,
      ropeTheta: 1e6,
      maxContext: 4096,
    },
    promptLayout: 'trained',
    recommended: {
      default: { fps: 2, policy: { type: 'threshold', threshold: 0.5 }, assistantTurns: 'remove' },
    },
  });
});

test('tensors that no graph needs are left out, each with its reason', async () => {
  const output = join(await temporaryFolder(), 'model');
  const { skipped } = await buildModel({ checkpoint: fixtureFolder('grid'), precision: 'fp32', output });
  const tower = 'model.vision_tower.vision_tower.vision_model';
  const reason = (name: string) => skipped.find((tensor) => tensor.name === `${tower}.${name}`)?.reason;
  expect(reason('encoder.layers.2.mlp.fc1.weight')).toMatch(/removed/);
  expect(reason('post_layernorm.weight')).toMatch(/before the post layer norm/);
  expect(reason('head.probe')).toMatch(/pooling head/);
  expect(skipped.every(({ name }) => name.startsWith(tower))).toBe(true);
});

test('a tied head shares the weights of the embeddings', async () => {
  const output = join(await temporaryFolder(), 'model');
  const { manifest } = await buildModel({ checkpoint: fixtureFolder('tied'), precision: 'fp32', output });
  expect(Object.keys(manifest.files)).not.toContain('lm_head.onnx.data');
  expect(manifest.tokensPerFrame).toBe(49);
});

test('the "duet" object of config.json goes into the manifest', async () => {
  const checkpoint = await checkpointCopy();
  const task = {
    fps: 1,
    heads: ['informative'],
    policy: { type: 'sum', threshold: 2 },
    assistantTurns: 'keep',
    cooldown: 3,
  };
  const duet = {
    name: 'parrot',
    version: '1.2.3',
    recommended: { default: task, captions: task },
    promptLayout: 'reference',
  };
  await changeConfig(checkpoint, { duet });
  await writeFile(join(checkpoint, 'MODEL_CARD.md'), '# Parrot\n');
  const output = join(await temporaryFolder(), 'model');
  const { manifest } = await buildModel({ checkpoint, precision: 'fp32', output });
  expect(manifest).toMatchObject(duet);
  expect(await readFile(join(output, 'MODEL_CARD.md'), 'utf8')).toBe('# Parrot\n');
});

test('building into a folder replaces the earlier model and leaves everything else', async () => {
  const output = join(await temporaryFolder(), 'model');
  await cp(fixtureFolder('tied'), join(output, 'checkpoint'), { recursive: true });
  await writeFile(join(output, 'MODEL_CARD.md'), 'mine');
  const grid = await buildModel({ checkpoint: fixtureFolder('grid'), precision: 'fp32', output });
  expect(Object.keys(grid.manifest.files)).toContain('lm_head.onnx.data');
  await buildModel({ checkpoint: join(output, 'checkpoint'), precision: 'int8', output });
  expect((await inspectModel(output)).good).toBe(true);
  await buildModel({ checkpoint: join(output, 'checkpoint'), precision: 'fp32', output });
  const names = await readdir(output);
  expect(names).not.toContain('lm_head.onnx.data');
  expect(names).toContain('checkpoint');
  expect(await readFile(join(output, 'MODEL_CARD.md'), 'utf8')).toBe('mine');
});

test('progress reports every step and never decreases', async () => {
  const seen: BuildProgress[] = [];
  const output = join(await temporaryFolder(), 'model');
  await buildModel({ checkpoint: fixtureFolder('tied'), precision: 'fp32', output }, (progress) =>
    seen.push(progress),
  );
  expect([...new Set(seen.map(({ step }) => step))]).toEqual([
    'vision',
    'decoder',
    'embed',
    'lm_head',
    'checksums',
  ]);
  seen.slice(1).forEach((progress, i) => {
    expect(progress.done).toBeGreaterThanOrEqual(seen[i]?.done ?? Infinity);
    expect(progress.bytes).toBeGreaterThanOrEqual(seen[i]?.bytes ?? Infinity);
  });
});

test('inspection tells which files are missing, cut short or changed', async () => {
  const output = join(await temporaryFolder(), 'model');
  await buildModel({ checkpoint: fixtureFolder('tied'), precision: 'fp32', output });
  const tokenizer = await readFile(join(output, 'tokenizer.json'));
  tokenizer[tokenizer.length - 1] = 0x20;
  await writeFile(join(output, 'tokenizer.json'), tokenizer);
  await writeFile(join(output, 'embed.onnx'), 'short');
  const { files, good } = await inspectModel(output);
  const state = Object.fromEntries(files.map((file) => [file.name, file.state]));
  expect(good).toBe(false);
  expect(state).toMatchObject({
    'tokenizer.json': 'wrong hash',
    'embed.onnx': 'wrong size',
    'vision.onnx': 'good',
  });
});

test('older names of the heads build the same model', async () => {
  const checkpoint = await checkpointCopy();
  await changeTensors(join(checkpoint, 'model.safetensors'), (tensors) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [
        name.replace('informative_head', 'response_head').replace('relevance_head', 'related_head'),
        tensor,
      ]),
    ),
  );
  const folder = await temporaryFolder();
  const older = await buildModel({ checkpoint, precision: 'fp32', output: join(folder, 'older') });
  const newer = await buildModel({
    checkpoint: fixtureFolder('grid'),
    precision: 'fp32',
    output: join(folder, 'newer'),
  });
  expect(older.manifest.files).toEqual(newer.manifest.files);
});
