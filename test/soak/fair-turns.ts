/**
 * Shows frames in real time to one context of a worker while four others run fast and one speaks without end,
 * and prints how long a frame took (a worker does one thing at a time), and what the others got meanwhile.
 *
 *   npx tsx test/soak/fair-turns.ts [--frames 60]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { defaultPrompt, pictureShapeFor } from '../../server/runtime/capabilities.js';
import { loadModel } from '../../server/runtime/load-model.js';
import type { DuetContext, Pace } from '../../server/runtime/model.js';
import { nanoFolder } from '../bench/nano.js';
import { quantile } from './watch-session.js';

const { values } = parseArgs({ options: { frames: { type: 'string', default: '60' } } });
const frames = Number(values.frames);
await using model = await loadModel(nanoFolder, { workers: 1 });
const { side } = pictureShapeFor(model.capabilities);
const picture = (index: number) => {
  const rgb = new Uint8Array(side * side * 3).map((_, place) => (place * (index + 3)) % 256);
  return { width: side, height: side, rgb };
};
const batch = Array.from({ length: 8 }, (_, index) => picture(index));
const state = { fastFrames: 0, replyParts: 0, isOver: false };

const begun = performance.now();
const others = [
  ...Array.from({ length: 4 }, () => open('fast').then(watchFast)),
  open('realtime').then(talk),
];
const waits = await watch(await open('realtime'));
state.isOver = true;
await Promise.all(others);
const seconds = (performance.now() - begun) / 1000;
const row = Object.fromEntries(
  [0.5, 0.9, 0.99].map((share) => [`p${share * 100} ms`, quantile(waits, share)]),
);
console.table({
  ...row,
  'fast frames a second': state.fastFrames / seconds,
  'parts of replies a second': state.replyParts / seconds,
});

function isOver(): boolean {
  return state.isOver;
}

function open(pace: Pace): Promise<DuetContext> {
  return model.openContext({ ...defaultPrompt(model.capabilities), pace: () => pace });
}

async function watch(context: DuetContext): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    const due = performance.now();
    await context.appendFrames([picture(frame)]);
    taken.push(performance.now() - due);
    await sleep(60);
  }
  return taken;
}

async function watchFast(context: DuetContext): Promise<void> {
  while (!isOver()) {
    await context.appendFrames(batch);
    await context.cutBackTo(context.start);
    state.fastFrames += batch.length;
  }
}

async function talk(context: DuetContext): Promise<void> {
  const options = { maxTokens: 64, repetitionPenalty: 1, afterwards: 'remove' } as const;
  while (!isOver()) {
    for await (const part of context.generateReply(options)) {
      if (part.type === 'text') state.replyParts += 1;
      if (isOver()) break;
    }
  }
}
