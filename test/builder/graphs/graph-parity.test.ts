import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildModel } from '../../../server/builder/build-model.js';
import type { BuildReport } from '../../../server/builder/build-options.js';
import { graphNames } from '../../../server/runtime/onnx/graphs/graph-names.js';
import { feedDecoder, floats, integers, loadGraph, run } from '../support/built-graphs.js';
import {
  expectedValues,
  fixtureFolder,
  fixturePixels,
  largestDifference,
} from '../support/parity-fixture.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const tolerance = 1e-4;

const fixtures = [
  { name: 'grid', adapter: undefined },
  { name: 'tied', adapter: undefined },
  { name: 'lora', adapter: 'lora-adapter' },
  { name: 'max', adapter: undefined },
];

async function build(name: string, adapter: string | undefined): Promise<BuildReport> {
  return buildModel({
    checkpoint: fixtureFolder(name),
    adapter: adapter === undefined ? undefined : fixtureFolder(adapter),
    precision: 'fp32',
    output: join(await temporaryFolder(), name),
  });
}

describe.each(fixtures)('the graphs of "$name" equal PyTorch', ({ name, adapter }) => {
  test('in the frame embeddings of several pictures in one batch', async () => {
    const report = await build(name, adapter);
    const expected = expectedValues(name);
    const { side } = report.manifest.picture;
    const pixels = Float32Array.from([...fixturePixels(3, side), ...fixturePixels(8, side)]);
    const vision = await loadGraph(report, 'vision');
    const outputs = await run(vision, { [graphNames.pixelValues]: floats(pixels, [2, 3, side, side]) });
    const seen = outputs[graphNames.frameEmbeds] ?? [];
    expect(seen.length).toBe(2 * report.manifest.tokensPerFrame * report.manifest.decoder.hiddenSize);
    expect(largestDifference(seen, await expected('frame_embeds'))).toBeLessThan(tolerance);
  });

  test('in embeddings, hidden states, and all logits, however tokens are split into steps', async () => {
    const report = await build(name, adapter);
    const expected = expectedValues(name);
    const ids = await expected('input_ids');
    const embeds = await expected('inputs_embeds');
    const embedded = await run(await loadGraph(report, 'embed'), { [graphNames.inputIds]: integers(ids) });
    expect(largestDifference(embedded[graphNames.inputsEmbeds] ?? [], embeds)).toBe(0);

    const decoder = await loadGraph(report, 'decoder');
    for (const pieces of [[37], [1, 4, 12, 20], Array.from({ length: 37 }, () => 1)]) {
      const outputs = await feedDecoder(decoder, report.manifest, embeds, pieces);
      for (const output of ['hidden', 'informative', 'relevance'] as const) {
        expect(largestDifference(outputs[output], await expected(output)), output).toBeLessThan(tolerance);
      }
    }

    const { hiddenSize } = report.manifest.decoder;
    const hidden = floats(await expected('hidden'), [ids.length, hiddenSize]);
    const head = await run(await loadGraph(report, 'lm_head'), { [graphNames.hidden]: hidden });
    expect(largestDifference(head[graphNames.logits] ?? [], await expected('logits'))).toBeLessThan(
      tolerance,
    );
  });
});
