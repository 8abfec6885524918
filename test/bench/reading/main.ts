/**
 * What the reader of text finds, and what it costs: on photographs of signs, on words drawn over photographs
 * at several heights, on footage in which nothing is written, and on a still and a busy scene in real time.
 *
 *   npx tsx test/bench/reading/main.ts --photographs FOLDER [--photographs FOLDER] [--footage FILE ...]
 *     [--still FILE --busy FILE] [--json FILE]
 *
 * Photographs are those that `labels.json` names, from Debian's opencv-doc (`examples/text`, `examples/data`)
 * and PyPI's scikit-image (`skimage/data`); they are not part of Duet.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { OnnxReader } from '../../../server/runtime/onnx/reader/onnx-reader.js';
import { readFootage } from './footage.js';
import { readPhotographs } from './photographs.js';
import { readRenderings } from './renderings.js';
import { shareOfCore } from './share-of-core.js';

const { values } = parseArgs({
  options: {
    photographs: { type: 'string', multiple: true, default: [] },
    footage: { type: 'string', multiple: true, default: [] },
    still: { type: 'string' },
    busy: { type: 'string' },
    json: { type: 'string' },
  },
});

const labels = z
  .record(z.string(), z.array(z.string()))
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'labels.json'), 'utf8')));
const found = Object.entries(labels).flatMap(([name, texts]) => {
  const path = values.photographs.map((folder) => join(folder, name)).find(existsSync);
  if (path === undefined) console.error(`${name} is in none of the folders`);
  return path === undefined ? [] : [{ path, texts }];
});

const reader = await OnnxReader.load({ threads: 1 });
const report = {
  photographs: await readPhotographs(reader, found),
  renderings: await readRenderings(
    reader,
    found.map(({ path }) => path),
  ),
  footage: await readFootage(values.footage),
  shares: await sharesOf({ still: values.still, busy: values.busy }),
};
await reader[Symbol.asyncDispose]();
console.log(JSON.stringify(report, null, 2));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);

/** One after another: they would take each other's time. */
async function sharesOf(scenes: Readonly<Record<string, string | undefined>>): Promise<object> {
  const shares: Record<string, object> = {};
  for (const [name, path] of Object.entries(scenes)) {
    if (path === undefined) continue;
    shares[name] = { off: await shareOfCore(path, 'off'), on: await shareOfCore(path, 'on') };
  }
  return shares;
}
