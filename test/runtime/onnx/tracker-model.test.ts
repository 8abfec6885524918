import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildModel } from '../../../server/builder/build-model.js';
import { findModel } from '../../../server/runtime/find-model.js';
import type { Picture } from '../../../server/video/frame.js';
import { detectorSide, writeDetectorCheckpoint } from '../../builder/support/detector-checkpoint.js';

let folder: string;
beforeAll(async () => {
  const checkpoint = await mkdtemp(join(tmpdir(), 'duet-tracker-'));
  await writeDetectorCheckpoint(checkpoint);
  const built = await buildModel({ checkpoint, precision: 'fp32', output: join(checkpoint, 'built') });
  folder = built.output;
});

afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }));

const options = { workers: 1, onWarning: () => undefined };

/** A dark picture in which one of 4 x 4 cells is bright: a thing of the class of its number. */
function brightCell(cell: number, videoTime: number): Picture {
  const rgb = new Uint8Array(detectorSide * detectorSide * 3);
  const [left, top] = [(cell % 4) * 4, Math.floor(cell / 4) * 4];
  for (let y = top; y < top + 4; y++) {
    const start = (y * detectorSide + left) * 3;
    rgb.fill(250, start, start + 12);
  }
  return { width: detectorSide, height: detectorSide, rgb, videoTime };
}

test('a folder with a detector speaks by rules, if asked to, on worker threads', async () => {
  const found = await findModel(`tracker:${folder}`, options);
  expect(found.capabilities).toMatchObject({ languages: ['en'], capacity: null, pictureFit: 'stretch' });
  await using model = await found.load(new AbortController().signal);
  expect(model.capabilities).toEqual(found.capabilities);
  await using context = await model.openContext({ systemPrompt: '', promptLayout: 'trained' });
  const frames = await context.appendFrames([0, 1, 2, 3, 4].map((index) => brightCell(7, index / 4)));
  expect(frames.map(({ scores }) => scores.informative > 0.5)).toContain(true);
  const parts = [];
  const reply = { maxTokens: 50, repetitionPenalty: 1, afterwards: 'remove' } as const;
  for await (const part of context.generateReply(reply)) parts.push(part);
  expect(parts).toEqual([
    { type: 'text', text: 'A truck appears.' },
    { type: 'end', reason: 'completed', tokens: 3 },
  ]);
});

test('a folder without a detector cannot', async () => {
  await expect(findModel('tracker:duet-nano', options)).rejects.toThrow(
    /has no detector whose things could be followed; leave out "tracker:"/,
  );
});
