import type { Manifest } from '../../server/runtime/folder/manifest.js';
import { readModelFolder } from '../../server/runtime/folder/model-folder.js';
import type { ContextMark, DuetContext } from '../../server/runtime/model.js';
import { OnnxModel } from '../../server/runtime/onnx/model.js';
import type { Benchmark, BenchOptions, Measurement } from './measurement.js';
import { spentOn, spread } from './measurement.js';
import { nanoFolder } from './nano.js';

const framesEach = 12;

/** What a frame costs behind contexts of more and more tokens, up to the most that the model holds. */
export const benchmark: Benchmark = {
  name: 'context',
  run: async ({ threads, rounds }: BenchOptions) => {
    const { path, manifest } = await readModelFolder(nanoFolder);
    const options = { threads };
    await using model = await OnnxModel.load(path, manifest, options);
    const { systemPrompt, promptLayout, tokensPerFrame } = manifest;
    await using context = await model.openContext({ systemPrompt, promptLayout });
    const most = manifest.decoder.maxContext - 2 * tokensPerFrame;
    const lengths = [64, 256, 1024, 4096].filter((length) => length < most);
    const found: Measurement[] = [];
    let mark = context.start;
    for (const length of [...lengths, most]) {
      mark = await fill(context, length, manifest, mark);
      const cost = await frameCost(context, mark, manifest.picture.side, rounds);
      found.push({ name: `context.frame at ${length} tokens`, ...spread(cost), unit: 'CPU-ms' });
    }
    return found;
  },
};

/** Appends frames until the context holds about so many tokens. */
async function fill(
  context: DuetContext,
  length: number,
  { picture: { side }, tokensPerFrame }: Manifest,
  from: ContextMark,
): Promise<ContextMark> {
  let mark = from;
  while (context.size < length) {
    const count = Math.min(8, Math.ceil((length - context.size) / tokensPerFrame));
    const scored = await context.appendFrames(
      Array.from({ length: count }, (_, index) => picture(side, context.size + index)),
    );
    mark = scored.at(-1)?.mark ?? mark;
  }
  return mark;
}

async function frameCost(
  context: DuetContext,
  mark: ContextMark,
  side: number,
  rounds: number,
): Promise<readonly number[]> {
  const costs: number[] = [];
  for (let frame = 0; frame < framesEach * rounds; frame += 1) {
    const { cpu } = await spentOn(() => context.appendFrames([picture(side, frame)]));
    costs.push(1000 * cpu);
    await context.cutBackTo(mark);
  }
  return costs;
}

function picture(side: number, shade: number) {
  return { width: side, height: side, rgb: new Uint8Array(side * side * 3).fill(shade % 251) };
}
