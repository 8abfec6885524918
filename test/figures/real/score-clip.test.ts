import { describe, expect, test } from 'vitest';
import type { RealClip, RealEvent, RealQuestion } from '../../../models/figures/real/real-clips.js';
import { habitsOf, realVariants } from '../../../models/figures/real/real-variants.js';
import { scoreClip } from '../../../models/figures/real/score/score-clip.js';
import { realFigures } from '../../../models/figures/real/score/totals.js';
import { worstMistakes } from '../../../models/figures/real/worst-mistakes.js';

const event = (kind: RealEvent['kind'], thing: string, start: number, end: number, more = {}): RealEvent => ({
  ...{ kind, thing, start, end, also: [], unsure: false, optional: false },
  ...more,
});
const clip: RealClip = {
  ...{ video: 'yard.mp4', seconds: 60, crowded: false, labelled: 'made up' },
  events: [
    event('enter', 'person', 5, 6, { side: 'left' }),
    event('enter', 'person', 5.5, 6.5, { side: 'left' }),
    event('enter', 'dog', 30, 31, { side: 'right' }),
    event('leave', 'person', 40, 41, { side: 'right' }),
    event('present', 'dog', 30, 60, { place: 'right' }),
    event('count', 'person', 7, 39, { count: 2 }),
  ],
};
const narration: RealQuestion = {
  id: 'yard.narrate',
  video: 'yard.mp4',
  kind: 'narrate',
  time: 0,
  language: 'en',
};
const asks = (kind: RealQuestion['kind'], text: string, time = 0): RealQuestion => ({
  ...{ id: `yard.${kind}`, video: 'yard.mp4' },
  ...{ kind, text, time, language: 'en' },
});
const score = (question: RealQuestion, ...replies: readonly (readonly [number, string])[]) =>
  scoreClip(
    clip,
    question,
    replies.map(([time, content]) => ({ time, content })),
  );

describe('narration', () => {
  test('true words at their time are right, and tell what they speak of', () => {
    const told = score(narration, [6.5, 'Two people come in from the left.'], [31, 'A dog comes in.']);
    expect(told.replies.map(({ grade }) => grade)).toEqual(['right', 'right']);
    expect(realFigures([told], false)).toMatchObject({ recall: 0.75, recall_one_to_one: 0.75, precision: 1 });
  });

  test('one reply for two events tells both, but only one to one', () => {
    const told = score(narration, [6.5, 'A person comes in from the left.']);
    expect(realFigures([told], false)).toMatchObject({ recall: 0.5, recall_one_to_one: 0.25 });
  });

  test.each([
    ['the wrong side', 6.5, 'A person comes in from the right.'],
    ['the wrong time', 12, 'A person comes in from the left.'],
    ['the wrong thing', 6.5, 'A cat comes in from the left.'],
    ['the wrong number', 12, 'There are three people.'],
    ['too many', 31, 'Two dogs come in.'],
  ])('%s is false', (_, time, text) => {
    expect(score(narration, [time, text]).replies[0]?.grade).toBe('false');
  });

  test('telling again is counted apart', () => {
    const again = score(narration, [31, 'A dog comes in.'], [32, 'A dog comes in.']);
    expect(realFigures([again], false)).toMatchObject({ precision: 1, precision_one_to_one: 0.5 });
  });
});

describe('questions', () => {
  test('what was not asked for is false, though it is true', () => {
    const told = score(asks('come', 'Tell me when a dog comes in.'), [6, 'A person comes in.'], [31, 'Now!']);
    expect(told.replies.map(({ grade }) => grade)).toEqual(['false', 'right']);
    expect(told.wanted.map(({ told: isTold }) => isTold)).toEqual([true]);
  });

  test('an answer about now is the first within three seconds, and its number may be near', () => {
    const question = asks('count', 'How many people are there?', 20);
    expect(score(question, [20.25, 'There are three people.']).answer).toEqual({
      ...{ answered: true, right: false, off: 1 },
    });
    expect(score(question, [24, 'There are two people.']).answer).toMatchObject({
      answered: false,
      off: null,
    });
  });
});

test('an answer counts in the language of its question only', () => {
  const question: RealQuestion = {
    ...asks('come', '有狗进来时告诉我。'),
    ...{ language: 'zh', english: 'Tell me when a dog comes in.' },
  };
  const told = score(
    question,
    [31, '一只狗从右边进来了。'],
    [31.5, 'A dog comes in.'],
    [45, '一只狗从右边进来了。'],
  );
  expect(told.replies.map(({ grade }) => grade)).toEqual(['right', 'false', 'false']);
  expect(told.wanted.map(({ told: isTold }) => isTold)).toEqual([true]);
  expect(told.replies[1]?.reason).toBe('not in zh');
});

test('those who do not look say what is commonest at regular times, or nothing', () => {
  const habits = habitsOf([clip], [asks('count', 'How many people are there?', 20)]);
  expect(habits).toEqual({ interval: 15, sentence: 'A person comes in.', number: 2 });
  const blind = realVariants(true).flatMap((variant) => (variant.type === 'blind' ? [variant] : []));
  const said = blind.map(({ replies }) => replies(narration, clip, habits).map(({ time }) => time));
  expect(said).toEqual([[7.5, 22.5, 37.5, 52.5], []]);
  const count = asks('count', 'How many people are there?', 20);
  expect(blind[0]?.replies(count, clip, habits)).toEqual([{ time: 20, content: 'There are 2 people.' }]);
});

test('the worst mistakes come first, and none twice', () => {
  const asked = score(asks('never', 'Tell me when a giraffe comes in.'), [9, 'A person comes in.']);
  const narrated = score(
    narration,
    [50, 'A person comes in.'],
    [55, 'A person comes in.'],
    [31, 'A dog leaves.'],
  );
  expect(worstMistakes([narrated, asked]).map(({ time }) => time)).toEqual([9, 31]);
});
