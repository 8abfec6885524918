import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { testSetFor } from '../../models/figures/defaults.js';
import { giveEye } from '../../models/figures/painted/give-eye.js';
import { findSplit } from '../../models/figures/test-split.js';
import { packageFolder } from '../../server/package-folder.js';
import { readManifest } from '../../server/runtime/folder/model-folder.js';
import { openVideo } from '../../server/video/open-video.js';

const split = testSetFor({ tower: { type: 'detector', association: 1 } });
const nano = join(packageFolder, 'models', 'duet-nano');
const rows = z.array(z.array(z.number()));
const painted = z
  .object({ detections: z.array(rows), scenes: rows })
  .parse(JSON.parse(readFileSync(join(packageFolder, 'test', 'golden', 'sight', 'painted.json'), 'utf8')));

test('what was painted into a clip comes out of the server exactly', async () => {
  const shape = { side: 300, fit: 'stretch', fps: 4, sampler: 'timestamps', pacing: 'fast' } as const;
  const options = { ...shape, maxFrames: 8, ffmpegPolicy: { trustedSource: true, allowBundled: true } };
  const source = { type: 'file', path: join(split, 'clips', 'sight000.mp4') } as const;
  await using stream = await openVideo(source, options, new AbortController().signal);
  let frames = 0;
  for await (const { picture, videoTime } of stream) {
    expect(videoTime).toBe(frames / 4);
    const level = (row: number, column: number, channel: number) =>
      picture.rgb[3 * (row * picture.width + column) + channel] ?? NaN;
    const fine = (row: number, column: number) => 16 * level(row, column, 0) + level(row, column, 1);
    for (const [row, values] of (painted.detections[frames] ?? []).entries()) {
      const read = values.map((_, column) =>
        column < 4 ? fine(row, column) / 4095 : column === 4 ? values[4] : level(row, column, 0) / 255,
      );
      expect(values.map((value, column) => Math.abs(value - (read[column] ?? NaN)) < 1e-6)).not.toContain(
        false,
      );
    }
    const scene = painted.scenes[frames] ?? [];
    expect(scene.map((_, column) => fine(16, column))).toEqual(
      scene.map((value) => Math.round((value * 4095) / 2)),
    );
    expect(picture.rgb.subarray(3 * 17 * picture.width).every((value) => value === 0)).toBe(true);
    frames += 1;
  }
  expect(frames).toBe(8);
  expect(painted.detections.flat().length).toBeGreaterThan(8);
});

test('a split is played with what it has annotations for, and with its eye', async () => {
  const sight = await findSplit(split, nano);
  expect(sight.benchmarks.map(({ key }) => key)).toEqual(['magqa', 'proactive']);
  expect([sight.eye, sight.grammar]).toEqual([join(split, 'eye.onnx'), join(split, 'grammar.json')]);
  expect(sight.labels.size).toBe(204);
  const rendered = await findSplit(testSetFor({}), nano);
  expect(rendered.benchmarks).toHaveLength(5);
  expect(rendered.eye).toBeNull();
});

test('a split without questions is none, and the error says what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duet-split-'));
  await expect(findSplit(folder, nano)).rejects.toThrow(/clips: no such part of a test split; .*--test/);
});

test('the eye takes the place of a detector and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'duet-eye-'));
  const manifest = await readManifest(nano);
  const files = Object.fromEntries(
    Object.entries(manifest.files).filter(([name]) => name !== 'vision.onnx.data'),
  );
  const tokens = { bytes: 1, sha256: files['decoder.onnx']?.sha256 ?? '' };
  const detector = join(folder, 'detector');
  await giveFiles(detector, [...Object.keys(manifest.files), 'tokens.onnx']);
  const tower = { type: 'detector', association: 1 };
  writeFileSync(
    join(detector, 'manifest.json'),
    JSON.stringify({ ...manifest, tower, files: { ...files, 'tokens.onnx': tokens } }),
  );
  const eye = join(split, 'eye.onnx');
  const copy = await giveEye(detector, eye, join(folder, 'copy'));
  const changed = await readManifest(copy);
  expect(Object.keys(changed.files).sort()).toEqual([...Object.keys(files), 'tokens.onnx'].sort());
  expect(await readFile(join(copy, 'vision.onnx'))).toEqual(await readFile(eye));
  expect(changed.files['vision.onnx']?.bytes).toBe(readFileSync(eye).length);
  expect(changed.files['decoder.onnx']).toEqual(manifest.files['decoder.onnx']);
});

test('a model without a detector cannot be given one, and the error names the way out', async () => {
  const given = giveEye(nano, join(split, 'eye.onnx'), mkdtempSync(join(tmpdir(), 'duet-eye-')));
  await expect(given).rejects.toThrow(/duet-nano has no detector to stand in for; name a split .* --test/);
});

async function giveFiles(folder: string, names: readonly string[]): Promise<void> {
  await mkdir(folder);
  for (const name of names) await writeFile(join(folder, name), '-');
}
