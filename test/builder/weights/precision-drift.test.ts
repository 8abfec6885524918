import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildModel } from '../../../server/builder/build-model.js';
import { graphNames } from '../../../server/runtime/onnx/graphs/graph-names.js';
import { feedDecoder, floats, loadGraph, run } from '../support/built-graphs.js';
import { expectedValues, fixtureFolder, fixturePixels, relativeDrift } from '../support/parity-fixture.js';
import { temporaryFolder } from '../support/temporary-folder.js';

// Random weights quantise worse than trained ones, and errors add up over the layers; these bounds are about
// twice the measured values.
test.each([
  { precision: 'fp16', vision: 0.0007, decoder: 0.0012, head: 0.0004 },
  { precision: 'int8', vision: 0.03, decoder: 0.05, head: 0.016 },
  { precision: 'int4', vision: 0.03, decoder: 0.5, head: 0.016 },
] as const)('$precision stays near float32', async ({ precision, ...bounds }) => {
  const output = join(await temporaryFolder(), precision);
  const report = await buildModel({ checkpoint: fixtureFolder('grid'), precision, output });
  const expected = expectedValues('grid');
  const { side } = report.manifest.picture;

  const pixels = Float32Array.from([...fixturePixels(3, side), ...fixturePixels(8, side)]);
  const vision = await loadGraph(report, 'vision');
  const seen = await run(vision, { [graphNames.pixelValues]: floats(pixels, [2, 3, side, side]) });
  const visionDrift = relativeDrift(seen[graphNames.frameEmbeds] ?? [], await expected('frame_embeds'));

  const embeds = await expected('inputs_embeds');
  const decoder = await loadGraph(report, 'decoder');
  const { hidden } = await feedDecoder(decoder, report.manifest, embeds, [20, 1, 16]);
  const decoderDrift = relativeDrift(hidden, await expected('hidden'));

  const rows = floats(await expected('hidden'), [37, report.manifest.decoder.hiddenSize]);
  const logits = await run(await loadGraph(report, 'lm_head'), { [graphNames.hidden]: rows });
  const headDrift = relativeDrift(logits[graphNames.logits] ?? [], await expected('logits'));

  expect(visionDrift).toBeLessThan(bounds.vision);
  expect(decoderDrift).toBeLessThan(bounds.decoder);
  expect(headDrift).toBeLessThan(bounds.head);
  // Some precision must be lost: a build that silently stayed in float32 fails here.
  expect(Math.min(visionDrift, decoderDrift, headDrift)).toBeGreaterThan(1e-6);
});
