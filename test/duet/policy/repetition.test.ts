import { describe, expect, test } from 'vitest';
import {
  begunBy,
  perhapsRepeated,
  repeatedBy,
  toldReply,
  toldWithin,
} from '../../../server/duet/policy/repetition.js';

const told = (...texts: readonly string[]) => texts.map((text, index) => toldReply(`r${index}`, index, text));

describe('a reply repeats an earlier one', () => {
  test.each([
    ['A dog comes in.', 'A dog comes in.'],
    ['a dog comes in', 'A dog comes in!'],
    ['The dog comes in.', 'Then a dog comes in.'],
    ['The woman is chopping onions on the board.', 'A woman chops onions on a board.'],
    ['She is still chopping the onions.', 'A woman chops onions.'],
    ['He walked across the lawn', 'A man is walking across the lawn, slowly'],
    ['Two dogs sit there.', '2 dogs sit.'],
    ['The score is 2 to 2.', 'The score is now two to two.'],
    ['一只狗进来了。', '一只狗进来了'],
    ['Ein Hund läuft über die Straße.', 'Ein Hund läuft über die Straße!'],
  ])('%j after %j', (text, earlier) => {
    expect(repeatedBy(text, told('Something else.', earlier))).toMatchObject({ responseId: 'r1' });
  });
});

describe('a reply is news', () => {
  test.each([
    ['numbers', 'The score is 3 to 2.', 'The score is 2 to 2.'],
    ['numbers in another order', 'The score is 2 to 3.', 'The score is 3 to 2.'],
    ['decimals', 'It costs 1.50 now.', 'It costs 1.05 now.'],
    ['number words', 'Three ducks swim.', 'Two ducks swim.'],
    ['one and many', 'The dogs leave.', 'The dog leaves.'],
    ['Chinese numbers', '三只狗进来了', '两只狗进来了'],
    ['colours', 'The ball turns red.', 'The ball turns blue.'],
    ['a colour less', 'A blue ball falls.', 'A red ball and a blue ball fall.'],
    ['sides', 'A dog comes in from the left.', 'A dog comes in from the right.'],
    [
      'things',
      'A very small brown dog runs along the long wall.',
      'A very small brown cat runs along the long wall.',
    ],
    ['names', 'Anna hugs Ben.', 'Anna hugs Tom.'],
    ['who does it to whom', 'The cat chases the dog.', 'The dog chases the cat.'],
    ['a negation', 'The dog is on the lawn.', 'The dog is not on the lawn.'],
    ['a negation added', 'The dog is not on the lawn.', 'The dog is on the lawn.'],
    ['another time', 'The tiger spins again.', 'The tiger spins.'],
    ['what is added', 'A dog comes in and barks.', 'A dog comes in.'],
    ['the way', 'The ball goes up.', 'The ball goes down.'],
    ['a verb', 'The tiger jumps.', 'The tiger spins.'],
    ['verbs that look alike', 'He is singing.', 'He is swinging.'],
    ['no word at all', '...', 'A dog comes in.'],
    ['only words that connect', 'And then', 'A dog comes in.'],
  ])('that differs in %s: %j after %j', (_what, text, earlier) => {
    expect(repeatedBy(text, told(earlier))).toBeNull();
  });

  test('when nothing was told', () => {
    expect(repeatedBy('A dog comes in.', [])).toBeNull();
  });
});

test('the newest reply that is repeated is named', () => {
  expect(repeatedBy('A dog.', told('A dog.', 'A cat.', 'A dog.'))).toMatchObject({ responseId: 'r2' });
});

test('a beginning may repeat what its whole words allow, whatever the last letters are', () => {
  const earlier = told('A dog comes in from the left.', 'A cat leaves.');
  const names = (beginning: string) =>
    perhapsRepeated(beginning, earlier).map(({ responseId }) => responseId);
  expect(names('')).toEqual(['r0', 'r1']);
  expect(names('A d')).toEqual(['r0', 'r1']);
  expect(names('A dog')).toEqual(['r0', 'r1']);
  expect(names('A dog ')).toEqual(['r0']);
  expect(names('A dog leaves.')).toEqual([]);
});

test('what may no longer repeat, never does at the end', () => {
  const earlier = told(
    'The woman is chopping two red onions on the board.',
    '一只狗进来了',
    "It isn't 3 to 2.",
  );
  for (const { words } of earlier) {
    const text = words.join(' ');
    for (let end = 0; end <= text.length; end++) {
      expect(perhapsRepeated(text.slice(0, end), earlier)).not.toEqual([]);
    }
  }
});

describe('a reply is broken off', () => {
  const earlier = told('A large dog runs across the meadow towards the old house.', 'The score is 2 to 2.');

  test('once enough of its first words are those of an earlier one', () => {
    expect(begunBy('A large dog runs across', earlier, 4)).toBeNull();
    expect(begunBy('A large dog runs across the', earlier, 4)).toMatchObject({ responseId: 'r0' });
    expect(begunBy('A large cat runs across the', earlier, 4)).toBeNull();
  });

  test('not before the numbers, colours and sides of the earlier one have come', () => {
    expect(begunBy('The score is ', earlier, 1)).toBeNull();
    expect(begunBy('The score is 2 to 3.', earlier, 1)).toBeNull();
    expect(begunBy('The score is 2 to 2.', earlier, 1)).toMatchObject({ responseId: 'r1' });
  });
});

test('replies are remembered for their time, and at most 64 of them', () => {
  const many = told(...Array.from({ length: 100 }, (_, index) => `Thing ${index}.`));
  expect(toldWithin(many, 10, 99.5).map(({ videoTime }) => videoTime)).toEqual([
    90, 91, 92, 93, 94, 95, 96, 97, 98, 99,
  ]);
  expect(toldWithin(many, 10, 99.5)).toHaveLength(10);
  expect(toldWithin(many, 1000, 100)).toHaveLength(64);
  expect(toldWithin(many, 0, 99)).toEqual([]);
});
