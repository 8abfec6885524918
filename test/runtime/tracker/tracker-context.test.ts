import { expect, test } from 'vitest';
import type { ContextMark } from '../../../server/runtime/model.js';
import { TrackerContext } from '../../../server/runtime/tracker/tracker-context.js';
import type { Picture } from '../../../server/video/frame.js';
import { followed, framesOf, type SeenThing } from '../support/detections.js';

const [person, dog] = [0, 16];
const reply = { maxTokens: 100, repetitionPenalty: 1, afterwards: 'remove' } as const;

/** A context whose detector sees, at a picture's time, what `thingsAt` says. */
function contextOf(thingsAt: (time: number) => readonly SeenThing[], follows?: ContextMark): TrackerContext {
  return new TrackerContext((pictures, before) => {
    let last = before;
    return Promise.resolve(
      pictures.map(({ videoTime = 0 }) => (last = followed(last, thingsAt(videoTime), videoTime))),
    );
  }, follows);
}

function pictureAt(videoTime: number): Picture {
  return { width: 1, height: 1, rgb: new Uint8Array(3), videoTime };
}

async function speak(context: TrackerContext): Promise<string> {
  let text = '';
  for await (const part of context.generateReply(reply)) if (part.type === 'text') text += part.text;
  return text;
}

/** What is said from one time up to another by a session that speaks above one half. */
async function said(context: TrackerContext, from: number, to: number): Promise<string[]> {
  const texts: string[] = [];
  for (const { time } of framesOf(from, to, () => [])) {
    const [frame] = await context.appendFrames([pictureAt(time)]);
    if ((frame?.scores.informative ?? 0) > 0.5) texts.push(await speak(context));
  }
  return texts;
}

/** A person crosses from the left from the second second on, a dog from the right from the fourth. */
const street = (time: number): readonly SeenThing[] => [
  ...(time >= 2 && time < 7 ? [{ thing: person, x: (time - 2) * 0.2, y: 0.3 }] : []),
  ...(time >= 4 && time < 9 ? [{ thing: dog, x: 1 - (time - 4) * 0.2, y: 0.75 }] : []),
];

test('without a question everything is told, once', async () => {
  expect(await said(contextOf(street), 0, 12)).toEqual([
    'A person comes in from the left.',
    'A dog comes in from the right.',
    'A person leaves to the right.',
    'A dog leaves to the left.',
  ]);
});

test('who asked for dogs hears of dogs only', async () => {
  const context = contextOf(street);
  await context.appendUserText('Tell me when a dog comes in.');
  expect(await said(context, 0, 12)).toEqual(['A dog comes in from the right.']);
});

test('who asked for what never comes hears nothing', async () => {
  const context = contextOf(street);
  await context.appendUserText('Tell me when a giraffe comes in.');
  expect(await said(context, 0, 12)).toEqual([]);
});

test('questions about now are answered once, then nothing more is told', async () => {
  const crowd = [0.2, 0.5, 0.8].map((x) => ({ thing: person, x }));
  const context = contextOf((time) => [...crowd, ...street(time - 4)]);
  await said(context, 0, 3);
  for (const [text, answer] of [
    ['How many people are there?', 'There are three people.'],
    ['What is on the left?', 'A person is on the left.'],
    ['Is there a dog?', 'No, there is no dog.'],
    ['How many dogs are there?', 'There are no dogs.'],
  ] as const) {
    await context.appendUserText(text);
    expect(await said(context, 3, 3.25)).toEqual([answer]);
  }
  expect(await said(context, 3.25, 12)).toEqual([]);
});

test('a question that it does not understand changes nothing', async () => {
  const context = contextOf(street);
  await context.appendUserText('What colour is the dog?');
  expect(await said(context, 0, 5)).toEqual([
    'A person comes in from the left.',
    'A dog comes in from the right.',
  ]);
});

test('after a cut back the same frames give the same scores, and what was said is not said again', async () => {
  const context = contextOf(street);
  const early = await context.appendFrames(framesOf(0, 2, () => []).map(({ time }) => pictureAt(time)));
  const mark: ContextMark = early.at(-1)?.mark ?? context.start;
  const rest = framesOf(2, 4, () => []).map(({ time }) => pictureAt(time));
  const first = await context.appendFrames(rest);
  await context.cutBackTo(mark);
  const second = await context.appendFrames(rest);
  expect(second.map(({ scores }) => scores)).toEqual(first.map(({ scores }) => scores));
  expect(await speak(context)).toBe('A person comes in from the left.');
  await context.cutBackTo(mark);
  const third = await context.appendFrames(rest);
  expect(third.every(({ scores }) => scores.informative === 0)).toBe(true);
});

test('two who leave together are told in one sentence', async () => {
  const pair = (time: number): readonly SeenThing[] =>
    street(time)
      .filter(({ thing }) => thing === person)
      .flatMap((one) => [
        { ...one, height: 0.2 },
        { ...one, y: 0.75, height: 0.2 },
      ]);
  expect((await said(contextOf(pair), 0, 12)).at(-1)).toBe('Two people leave to the right.');
});

test('a context that takes over from another does not take what was there for new', async () => {
  const early = contextOf(street);
  await said(early, 0, 2);
  const frames = await early.appendFrames([2, 2.25, 2.5, 2.75, 3, 3.25, 3.5].map(pictureAt));
  const later = contextOf(street, structuredClone(frames.at(-1)?.mark));
  await later.appendUserText('Tell me when a dog comes in.');
  expect(await said(later, 3.75, 7)).toEqual(['A dog comes in from the right.']);
  const [mark] = await later.appendFrames([pictureAt(7)]);
  expect(mark?.mark.place).toMatchObject({ association: { scene: { start: 0 } } });
  await expect(later.cutBackTo({ place: 3 })).rejects.toMatchObject({ code: 'internal' });
});
