import { expect, test } from 'vitest';
import { DuetError } from '../../../server/errors.js';
import {
  isTooManyPictures,
  PictureLimit,
  TooMuchShown,
} from '../../../server/runtime/remote/engine/picture-limit.js';
import { eventsOf } from '../../support/duet-session.js';
import { FakeEngine } from '../../support/fake-engine.js';
import { writeModelFile } from './model-files.js';
import { loadRemote, openRemoteSession, playFast } from './remote-session.js';

test.each([
  { most: 3, counts: [1, 2, 2, 2, 2, 3], told: ['fake takes 3 pictures at once: it is shown no more'] },
  { most: 1, counts: [1, 1, 1, 1, 1, 1], told: ['fake takes 1 picture at once: it is shown no more'] },
])(
  'an engine that takes $most pictures is shown no more, for decisions and for replies',
  async ({ most, counts, told }) => {
    const warnings: string[] = [];
    let looks = 0;
    await using engine = await FakeEngine.open({
      mostPictures: most,
      probability: (statement) => (statement.includes('something that is new') && ++looks === 5 ? 0.9 : 0.1),
    });
    const file = { preset: 'vllm', model: 'fake', url: `${engine.url}/v1` };
    const model = await loadRemote(await writeModelFile(file), { warnings });
    expect(model.capabilities.remote?.decides).toBe('Decisions');
    const probed = engine.seen.length;
    for (const name of ['one', 'other']) {
      await using session = await openRemoteSession(model);
      await playFast(session, [0, 60, 120, 180, 240]);
      expect(eventsOf(session, 'frame.scored'), name).toHaveLength(5);
      if (name === 'one') {
        expect(eventsOf(session, 'response.done')).toMatchObject([{ status: 'completed', text: 'A car.' }]);
        const taken = engine.seen.slice(probed).filter(({ pictures }) => pictures.length <= most);
        expect(taken.map(({ pictures }) => pictures.length)).toEqual(counts);
      }
    }
    expect(warnings).toEqual(told);
  },
);

test('a request that is too long is made again with half of its pictures', async () => {
  const warnings: string[] = [];
  await using engine = await FakeEngine.open({
    probability: () => 0.9,
    reply: ({ number }) => (number % 2 === 0 ? ['A red car.'] : ['It rains now.']),
    fault: ({ pictures }) =>
      pictures.length < 2
        ? null
        : {
            ...{ type: 'status', status: 400 },
            body: {
              error: {
                code: 400,
                message: 'the request exceeds the available context size, try increasing it',
                type: 'exceed_context_size_error',
              },
            },
          },
  });
  const file = { preset: 'llamacpp', model: 'fake', url: `${engine.url}/v1`, window: { decision: 1 } };
  const model = await loadRemote(await writeModelFile(file), { warnings });
  await using session = await openRemoteSession(model);
  await playFast(session, [0, 60]);
  expect(eventsOf(session, 'response.done').map(({ status }) => status)).toEqual(['completed', 'completed']);
  expect(warnings).toEqual(['fake takes 1 picture at once: it is shown no more']);
});

test('a refusal that has another reason, or names no picture at all, is not made again', async () => {
  await using engine = await FakeEngine.open({ mostPictures: 0 });
  await expect(loadRemote(`remote:vllm/fake@${engine.url}`)).rejects.toThrow(/At most 0 image/);
  // One for each way of deciding.
  expect(engine.seen).toHaveLength(6);
});

test.each([
  [
    'At most 2 image(s) may be provided in one prompt. Set `--limit-mm-per-prompt` to increase this limit.',
    2,
  ],
  ['You set image=2 (or defaulted to 1) in `--limit-mm-per-prompt`, but passed 6 image items.', 2],
  ['Too many images in request. Max is 5.', 5],
  ['Too many images: 6 images were provided, but the model supports a maximum of 4 images.', 4],
  ['request contains 6 images, exceeding the maximum of 5 allowed per request', 5],
  ['Image count 6 exceeds limit 4 per request.', 4],
  ['This model supports up to 3 images', 3],
  ['Multiple images in one message are not supported', 3],
])('%s', (words, most) => {
  expect(isTooManyPictures(words)).toBe(true);
  const learned: number[] = [];
  const limit = new PictureLimit((count) => learned.push(count));
  const refused = new DuetError('refused', words, { cause: new TooMuchShown(words) });
  expect(limit.learn(refused, 6)).toBe(true);
  expect(limit.learn(refused, 6)).toBe(true);
  expect(learned).toEqual([most]);
  expect(limit.learn(refused, 1)).toBe(false);
});

test.each([
  'image input is not supported by this model',
  'image exceeds the maximum of 5 MB',
  'only images of type JPEG are taken',
  'maximum image size is 2000 pixels',
  'At most 0 image(s) may be provided in one prompt.',
])('%s: fewer pictures would not help', (words) => {
  expect(isTooManyPictures(words)).toBe(false);
});
