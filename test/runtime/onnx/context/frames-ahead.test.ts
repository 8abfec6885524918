import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readManifest } from '../../../../server/runtime/folder/model-folder.js';
import type { DuetContext, ReplyOptions, ReplyPart, ScoredFrame } from '../../../../server/runtime/model.js';
import { LanguageDecoder } from '../../../../server/runtime/onnx/graphs/language-decoder.js';
import { OnnxModel } from '../../../../server/runtime/onnx/model.js';
import type { Picture } from '../../../../server/video/frame.js';
import { ParityModels } from '../../support/parity-models.js';
import { parityPicture } from '../../support/parity-session.js';

let models: ParityModels;
let model: OnnxModel;
let pictures: readonly Picture[];
/** Numbers in the embeddings of one frame. */
let oneFrame: number;
const scored = vi.spyOn(LanguageDecoder.prototype, 'appendForHeads');

beforeEach(async () => {
  models = await ParityModels.create();
  const path = await models.build('grid');
  const manifest = await readManifest(path);
  model = await OnnxModel.load(path, manifest, {
    threads: 1,
  });
  oneFrame = manifest.tokensPerFrame * manifest.decoder.hiddenSize;
  pictures = [0, 1, 2, 3, 4].map((index) => ({ ...parityPicture(index, manifest.picture.side), id: index }));
});

afterEach(async () => {
  await model[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});

async function open(promptLayout: 'trained' | 'reference'): Promise<DuetContext> {
  return model.openContext({ systemPrompt: 'Watch the video.', promptLayout });
}

async function reply(context: DuetContext, afterwards: ReplyOptions['afterwards']): Promise<void> {
  const parts: ReplyPart[] = [];
  const options = { maxTokens: 6, repetitionPenalty: 1.1, afterwards };
  for await (const part of context.generateReply(options)) parts.push(part);
  expect(parts.length).toBeGreaterThan(1);
}

/**
 * Appends four frames at once, speaks after the second, and counts the calls that score frames from then on.
 */
async function speakAfterSecond(
  context: DuetContext,
  afterwards: ReplyOptions['afterwards'] = 'remove',
): Promise<readonly ScoredFrame[]> {
  const frames = await context.appendFrames(pictures.slice(0, 4));
  await context.cutBackTo(frames[1]?.mark ?? context.start);
  await reply(context, afterwards);
  scored.mockClear();
  return frames;
}

const scoresOf = (frames: readonly ScoredFrame[]) => frames.map(({ scores }) => scores);

describe.each(['trained', 'reference'] as const)('with the %s layout', (layout) => {
  test('frames behind a reply that was removed are not computed again', async () => {
    const context = await open(layout);
    const before = await speakAfterSecond(context);
    const again = await context.appendFrames(pictures.slice(2, 4));
    expect(scored).not.toHaveBeenCalled();
    expect(scoresOf(again)).toEqual(scoresOf(before.slice(2)));
    expect(again.map(({ mark }) => mark.place)).toEqual(before.slice(2).map(({ mark }) => mark.place));
    await expectAsUninterrupted(context, layout);
  });

  test('those that follow them in the same call are computed alone', async () => {
    const context = await open(layout);
    await speakAfterSecond(context);
    const [, , last] = await context.appendFrames(pictures.slice(2, 5));
    expect(scored.mock.calls.map(([, embeddings]) => embeddings.length)).toEqual([oneFrame]);
    expect(last?.scores.informative).toBeCloseTo((await uninterrupted(layout)).informative, 5);
  });

  test('a second reply in the same batch leaves what is behind it', async () => {
    const context = await open(layout);
    await speakAfterSecond(context);
    const [third] = await context.appendFrames(pictures.slice(2, 4));
    await context.cutBackTo(third?.mark ?? context.start);
    await reply(context, 'remove');
    await context.appendFrames(pictures.slice(3, 4));
    expect(scored).not.toHaveBeenCalled();
    await expectAsUninterrupted(context, layout);
  });

  test.each([
    ['a reply that is kept', (context: DuetContext) => reply(context, 'keep')],
    ['a text', (context: DuetContext) => context.appendUserText('And now?')],
    ['another frame', (context: DuetContext) => context.appendFrames(pictures.slice(4))],
  ])('behind %s they are computed again', async (_, change) => {
    const context = await open(layout);
    await speakAfterSecond(context);
    await change(context);
    scored.mockClear();
    await context.appendFrames(pictures.slice(2, 4));
    expect(scored).toHaveBeenCalledTimes(1);
  });
});

test('they are computed again once what was before them is gone', async () => {
  const context = await open('trained');
  const [first] = await speakAfterSecond(context);
  await context.evict(context.start, first?.mark ?? context.start);
  await context.appendFrames(pictures.slice(2, 4));
  expect(scored).toHaveBeenCalledTimes(1);
});

test('another picture in their place is computed', async () => {
  const context = await open('trained');
  await speakAfterSecond(context);
  await context.appendFrames(pictures.slice(3, 5));
  expect(scored).toHaveBeenCalledTimes(1);
});

test('so is one without an id', async () => {
  pictures = pictures.map(({ width, height, rgb }) => ({ width, height, rgb }));
  const context = await open('trained');
  await speakAfterSecond(context);
  await context.appendFrames(pictures.slice(2, 4));
  expect(scored).toHaveBeenCalledTimes(1);
});

/** The scores of the fifth frame where nothing was said. */
async function uninterrupted(layout: 'trained' | 'reference') {
  const frames = await (await open(layout)).appendFrames(pictures);
  return frames[4]?.scores ?? { informative: NaN, relevance: NaN };
}

async function expectAsUninterrupted(context: DuetContext, layout: 'trained' | 'reference'): Promise<void> {
  const [fifth] = await context.appendFrames(pictures.slice(4));
  const expected = await uninterrupted(layout);
  expect(fifth?.scores.informative).toBeCloseTo(expected.informative, 5);
  expect(fifth?.scores.relevance).toBeCloseTo(expected.relevance, 5);
}
