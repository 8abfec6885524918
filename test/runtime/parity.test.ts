import { pictureShapeFor } from '../../server/runtime/capabilities.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '../../server/runtime/load-model.js';
import type { DuetModel } from '../../server/runtime/model.js';
import { readManifest } from '../../server/runtime/folder/model-folder.js';
import { cleanUp } from '../../server/runtime/onnx/text/reply-text.js';
import { OnnxModel } from '../../server/runtime/onnx/model.js';
import { ParityModels } from './support/parity-models.js';
import {
  exactly,
  largestDifference,
  parityFixtures,
  paritySessions,
  replay,
} from './support/parity-session.js';
import type { Feeding, Outcome, ParitySession } from './support/parity-session.js';

let models: ParityModels;
const differences: string[] = [];

beforeAll(async () => {
  models = await ParityModels.create();
});

afterAll(async () => {
  await models[Symbol.asyncDispose]();
  console.info(`Largest difference of a probability from PyTorch\n${differences.join('\n')}`);
});

describe.each(parityFixtures())('the model %s', (fixture) => {
  const sessions = paritySessions(fixture);
  let model: DuetModel;

  beforeAll(async () => {
    model = await loadModel(await models.build(fixture, sessions[0]?.adapter), { workers: 1 });
  });

  afterAll(async () => {
    await model[Symbol.asyncDispose]();
  });

  async function play(session: ParitySession, feeding: Feeding) {
    await using context = await model.openContext(session.options);
    return await replay(context, session, pictureShapeFor(model.capabilities).side, feeding);
  }

  describe.each(sessions.map((session) => [session.file, session] as const))('in %s', (_, session) => {
    test('has the scores and tokens of PyTorch', async () => {
      const outcomes = await play(session, 'as-recorded');
      expect(outcomes.map(exactly)).toEqual(session.actions.map(exactly));
      const difference = largestDifference(outcomes, session.actions);
      if (session.options.promptLayout === 'reference') {
        const texts = (all: readonly { type: string }[]) =>
          all.flatMap((each) => ('text' in each && each.type === 'generateReply' ? [String(each.text)] : []));
        expect(texts(outcomes)).toEqual(texts(session.actions).map(cleanUp));
      }
      differences.push(`${fixture} ${session.file} ${difference.toExponential(1)}`);
      expect(difference).toBeLessThan(1e-4);
    });

    test.each(['one-by-one', 'overshooting'] as const)(
      'has the same when frames are fed %s',
      async (feeding) => {
        const recorded = await play(session, 'as-recorded');
        const otherwise = await play(session, feeding);
        expect(otherwise.map(exactly)).toEqual(recorded.map(exactly));
        expect(largestDifference(otherwise, recorded)).toBeLessThan(1e-5);
      },
    );
  });

  test.each([1, 5, 10_000])(
    'has the scores and tokens of PyTorch with texts in slices of %i',
    async (rowsPerSlice) => {
      const folder = await models.build(fixture, sessions[0]?.adapter);
      const options = { threads: 1, rowsPerSlice };
      await using sliced = await OnnxModel.load(folder, await readManifest(folder), options);
      for (const session of sessions) {
        await using context = await sliced.openContext(session.options);
        const outcomes = await replay(context, session, pictureShapeFor(model.capabilities).side);
        expect(outcomes.map(exactly)).toEqual(session.actions.map(exactly));
        expect(largestDifference(outcomes, session.actions)).toBeLessThan(1e-4);
        expect(largestDifference(outcomes, await play(session, 'as-recorded'))).toBeLessThan(1e-5);
      }
    },
  );

  test('gives contexts that take turns on one worker the numbers each has alone', async () => {
    const alone: Outcome[][] = [];
    for (const session of sessions) alone.push(await play(session, 'as-recorded'));
    const four = Array.from({ length: 4 }, (_, index) => index % sessions.length);
    const together = await Promise.all(
      four.map((index) => {
        const session = sessions[index];
        if (session === undefined) throw new Error('no session');
        return play(session, 'as-recorded');
      }),
    );
    expect(together).toEqual(four.map((index) => alone[index]));
  });
});
