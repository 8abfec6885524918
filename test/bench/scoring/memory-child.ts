import { setImmediate } from 'node:timers/promises';
import { readPredictions } from '../../../server/scoring/data/read-predictions.js';
import { memorySchema } from './memory-report.js';
import { scoringTasks } from './tasks.js';

/**
 * Scores the files of a task in a process of its own and prints what memory that took. Started by memory.ts
 * with `--expose-gc`, so that what is still needed can be told from what merely was not cleared away yet.
 */
const [name = '', pred = '', gold = ''] = process.argv.slice(2);
const task = scoringTasks.find((each) => each.name === name);
if (task === undefined || gc === undefined)
  throw new Error('usage: node --expose-gc memory-child.ts TASK PRED GOLD');

const before = await liveBytes();
const opened = await task.open(gold);
const withGold = await liveBytes();
const run = await opened.score({ file: pred, predictions: readPredictions(pred, { frames: task.frames }) });
const withResult = await liveBytes();
const report = memorySchema.parse({
  goldBytes: withGold - before,
  resultBytes: withResult - withGold,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  figures: run.figures.length,
});
// Naming both keeps them alive until here.
console.log(JSON.stringify(report), opened.naive.length > 0 && run.result !== null);

async function liveBytes(): Promise<number> {
  // What a promise or a stream still held is let go by the next turn of the loop.
  for (let turn = 0; turn < 3; turn += 1) {
    await setImmediate();
    gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
