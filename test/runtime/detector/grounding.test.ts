import { describe, expect, test } from 'vitest';
import type { Association } from '../../../server/runtime/detector/association.js';
import { groundedBeginning, type GroundedMind } from '../../../server/runtime/detector/grounded-mind.js';
import { Grounding } from '../../../server/runtime/detector/grounding.js';
import { Sayings, type Saying } from '../../../server/runtime/detector/sayings.js';
import { followed, framesOf, type SeenThing } from '../support/detections.js';
import { sentenceBook } from '../support/sentence-book.js';

const [person, dog] = [0, 16];

/** A person comes in on the left at 2 s and crosses, a dog stands on the right from 5 s on. */
function street(time: number): readonly SeenThing[] {
  const x = (time - 2) * 0.2;
  return [
    ...(time < 2 || x > 1.05 ? [] : [{ thing: person, x }]),
    ...(time < 5 ? [] : [{ thing: dog, x: 0.8 }]),
  ];
}

const said = { place: 1, stands: false };

/**
 * A conversation over twelve seconds: a decoder that always wants to speak, and takes the first true
 * sentence.
 */
function talk(
  texts: Readonly<Record<number, string>>,
  choose: (sayings: readonly Saying[]) => Saying | undefined = (sayings) => sayings[0],
): string[] {
  const grounding = new Grounding(new Sayings(sentenceBook));
  let association: Association | null = null;
  let mind: GroundedMind = groundedBeginning;
  const told: string[] = [];
  for (const { time, things } of framesOf(0, 12, street)) {
    const text = texts[time];
    if (text !== undefined) mind = grounding.afterText(mind, text, said);
    association = followed(association, things, time);
    const grounded = grounding.afterFrame(mind, association, { informative: 0.9, relevance: 0.8 });
    mind = grounded.mind;
    const saying = choose(grounding.sayings(mind, association));
    if (grounded.scores.informative === 0) {
      expect(grounded.scores).toEqual({ informative: 0, relevance: 0 });
      expect(saying).toBeUndefined();
      continue;
    }
    if (saying === undefined) continue;
    mind = grounding.afterSaying(mind, saying);
    told.push(`${Math.round(time)} ${saying.text}`);
  }
  return told;
}

describe('a decoder that always wants to speak', () => {
  test('tells what happens, once, and nothing else', () => {
    expect(talk({})).toEqual([
      '3 A person comes in from the left.',
      '6 A dog appears on the right.',
      '8 A person leaves to the right.',
    ]);
  });

  test.each([
    ['Tell me when a dog comes.', '6 A dog appears on the right.'],
    ['Dis-moi quand un chien arrive.', '6 Un chien apparaît à droite.'],
    ['有狗进来时告诉我。', '6 右边出现了一只狗。'],
    ['Avísame cuando llegue un perro.', '6 Un perro aparece a la derecha.'],
  ])('tells only of what was asked for, in its language: %s', (question, reply) => {
    expect(talk({ 1: question }, withoutAnswers)).toEqual([reply]);
  });

  test.each(['Stop.', 'Ça suffit !', '别说了', 'Basta.'])(
    'is silent after %j, until something is asked again',
    (stop) => {
      expect(talk({ 4: stop }, withoutAnswers)).toEqual(['3 A person comes in from the left.']);
      expect(talk({ 4: stop, 7: 'Tell me when somebody leaves.' }, withoutAnswers)).toEqual([
        '3 A person comes in from the left.',
        '8 A person leaves to the right.',
      ]);
    },
  );

  test.each([
    ['Tell me when somebody comes in from the left.', ['3 A person comes in from the left.']],
    ['Tell me when somebody comes in from the right.', []],
    ['Tell me when somebody leaves to the right.', ['8 A person leaves to the right.']],
    ['Avísame cuando entre alguien por la derecha.', []],
    ['有人从左边进来时告诉我。', ['3 一个人从左边进来了。']],
    ['Dis-moi quand un chien apparaît à droite.', ['6 Un chien apparaît à droite.']],
    ['Tell me when a dog appears on the left.', []],
    ['Tell me right away when somebody comes in.', ['3 A person comes in from the left.']],
    ['Tell me when somebody has left or leaves.', ['8 A person leaves to the right.']],
  ])('heeds the side that is named: %s', (question, replies) => {
    expect(talk({ 1: question }, withoutAnswers)).toEqual(replies);
  });

  test('tells of both things of two questions, and of everything once everything is asked for', () => {
    const dogs = 'Tell me when a dog comes.';
    expect(talk({ 0: dogs, 1: 'Tell me when somebody comes.' }, withoutAnswers)).toHaveLength(2);
    expect(talk({ 0: dogs, 7: 'What is happening?' }, withoutAnswers)).toHaveLength(2);
  });
});

describe('a question about now', () => {
  test.each([
    ['How many people are there?', 'There is one person.'],
    ['How many dogs are there?', 'There are no dogs.'],
    ['What is on the right?', 'There is nothing on the right.'],
    ['What do you see?', 'There is one person.'],
    ['Il y a combien de chiens ?', "Il n'y a pas de chien."],
  ])('has true answers alone: %s', (question, answer) => {
    expect(talk({ 4: question }, answersOnly)).toEqual([`4 ${answer}`]);
  });

  test('waits after a cut until the things there are known', () => {
    expect(talk({ 0: 'How many people are there?' }, answersOnly)).toEqual(['1 There are no people.']);
  });

  test('is answered before anything else is told', () => {
    const told = talk({ 2.5: 'How many people are there?' });
    expect(told.slice(0, 2)).toEqual(['3 There is one person.', '3 A person comes in from the left.']);
  });

  test('leaves what is to be told as it was; a text that stands is not answered at all', () => {
    expect(talk({ 4: 'How many cars are there?' })).toEqual([
      '3 A person comes in from the left.',
      '4 There are no cars.',
      '6 A dog appears on the right.',
      '8 A person leaves to the right.',
    ]);
    expect(talk({ 4: 'Tell me when a car comes in.' })).toEqual(['3 A person comes in from the left.']);
  });

  test.each([
    ['that finds no answer in its time is forgotten', 6, () => 0.5, 1, 2.75],
    ['is still open when one cut after the other is over', 6, cutsUntil(3), 4, 5.75],
    ['is forgotten where cuts never end', 14, cutsUntil(14), null, null],
  ] as const)('%s', (_, seconds, brightnessAt, first, last) => {
    const grounding = new Grounding(new Sayings(sentenceBook));
    let association: Association | null = null;
    let mind = grounding.afterText(groundedBeginning, 'How many dogs are there?', said);
    const open: number[] = [];
    for (const { time } of framesOf(0, seconds, () => [])) {
      association = followed(association, [], time, brightnessAt(time));
      const grounded = grounding.afterFrame(mind, association, { informative: 0.5, relevance: 0.5 });
      mind = grounded.mind;
      if (grounded.scores.informative > 0) open.push(time);
    }
    expect([open[0] ?? null, open.at(-1) ?? null]).toEqual([first, last]);
    if (first === null) expect(mind.asked).toBeNull();
  });
});

test.each([
  ['the best of late counts, because the rules may be later than the head', 'Watch out for people.', 0.7],
  ['as long as nothing was asked, all that is sure is told', undefined, 0.95],
  ['what is sure is told if just that was asked for', 'Tell me when somebody comes.', 0.95],
])('%s', (_, question, best) => {
  const grounding = new Grounding(new Sayings(sentenceBook));
  let association: Association | null = null;
  let mind: GroundedMind =
    question === undefined ? groundedBeginning : grounding.afterText(groundedBeginning, question, said);
  const scores: number[] = [];
  for (const { time, things } of framesOf(0, 4, street)) {
    association = followed(association, things, time);
    const head = time === 2.25 ? 0.7 : 0.1;
    const grounded = grounding.afterFrame(mind, association, { informative: head, relevance: head });
    mind = grounded.mind;
    scores.push(grounded.scores.informative);
  }
  expect(Math.max(...scores.slice(8))).toBeCloseTo(best, 5);
});

function withoutAnswers(sayings: readonly Saying[]): Saying | undefined {
  return sayings.find(({ answers }) => !answers);
}

function answersOnly(sayings: readonly Saying[]): Saying | undefined {
  return sayings.find(({ answers }) => answers);
}

function cutsUntil(end: number): (time: number) => number {
  return (time) => (Math.floor(Math.min(time, end) / 0.75) % 2 === 0 ? 0.3 : 0.7);
}

/** What a conversation over twelve seconds says, and the place of the text that asked for it. */
function attributed(texts: readonly { text: string; place: number; stands: boolean }[]): string[] {
  const grounding = new Grounding(new Sayings(sentenceBook));
  let association: Association | null = null;
  let mind = texts.reduce(
    (before, { text, ...as }) => grounding.afterText(before, text, as),
    groundedBeginning,
  );
  const told: string[] = [];
  for (const { time, things } of framesOf(0, 12, street)) {
    association = followed(association, things, time);
    mind = grounding.afterFrame(mind, association, { informative: 0.9, relevance: 0.8 }).mind;
    const saying = grounding.sayings(mind, association)[0];
    if (saying === undefined) continue;
    told.push(`${grounding.askedBy(mind, saying, association)} ${saying.text}`);
    mind = grounding.afterSaying(mind, saying);
  }
  return told;
}

const narration = { text: 'What is happening?', place: 10, stands: false };
const count = { text: 'How many people are there?', place: 20, stands: false };

describe('what is said', () => {
  test('belongs to the text that asked for it', () => {
    expect(attributed([narration, count])).toEqual([
      '20 There are no people.',
      '10 A person comes in from the left.',
      '10 A dog appears on the right.',
      '10 A person leaves to the right.',
    ]);
    const dogs = { text: 'Tell me when a dog comes.', place: 30, stands: false };
    const people = { text: 'Tell me when somebody leaves.', place: 40, stands: true };
    expect(attributed([dogs, people])).toEqual([
      '30 A dog appears on the right.',
      '40 A person leaves to the right.',
    ]);
  });

  test('belongs to none where none asked for it', () => {
    expect(attributed([count])).toEqual([
      '20 There are no people.',
      'null A person comes in from the left.',
      'null A dog appears on the right.',
      'null A person leaves to the right.',
    ]);
  });

  test('is the answer alone, and another one once it changes, to a question that stands', () => {
    expect(attributed([{ ...count, stands: true }])).toEqual([
      '20 There are no people.',
      '20 There is one person.',
      '20 There are no people.',
    ]);
    const place = { text: 'What is on the right?', place: 20, stands: true };
    expect(attributed([place])[0]).toBe('20 There is nothing on the right.');
    expect(attributed([place])).toContain('20 A dog is on the right.');
    expect(attributed([place]).every((line) => line.startsWith('20 '))).toBe(true);
  });

  test('is nothing that was asked for by a question that was taken back', () => {
    const grounding = new Grounding(new Sayings(sentenceBook));
    const dogs = { place: 30, stands: true };
    const asked = grounding.afterText(groundedBeginning, 'Tell me when a dog comes.', dogs);
    expect(grounding.afterForgetting(asked, [30]).wanted).toBe('nothing asked');
    const both = grounding.afterText(asked, 'Tell me when somebody comes.', { place: 40, stands: true });
    expect(grounding.afterForgetting(both, [30]).wanted).toEqual([expect.objectContaining({ text: 40 })]);
    const counted = grounding.afterText(groundedBeginning, count.text, { place: 20, stands: true });
    expect(grounding.afterForgetting(counted, [20])).toMatchObject({
      ...{ asked: null, repeated: null, wanted: 'nothing asked' },
    });
  });
});
