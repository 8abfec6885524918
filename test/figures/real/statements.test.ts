import { describe, expect, test } from 'vitest';
import { statementsIn } from '../../../models/figures/real/score/statements.js';

describe('what a reply claims', () => {
  test.each([
    ['A dog comes in from the left.', [{ kind: 'comes', classes: ['dog'], side: 'left' }]],
    ['Two buses leave to the right!', [{ kind: 'goes', classes: ['bus'], side: 'right', count: 2 }]],
    ['A cat appears in the centre.', [{ kind: 'comes', classes: ['cat'], place: 'middle' }]],
    ['There are 4 people.', [{ kind: 'count', classes: ['person'], count: 4 }]],
    ['Nobody is there.', [{ kind: 'count', classes: ['person'], count: 0 }]],
    ['The sheep is on the right.', [{ kind: 'is', classes: ['sheep'], place: 'right' }]],
    ['A hot dog is gone.', [{ kind: 'goes', classes: ['hot dog'] }]],
    ['A balloon appears.', [{ kind: 'comes', classes: [] }]],
    ['The sky is grey.', []],
    ['Nothing comes in.', []],
  ])('%s', (text, statements) => {
    expect(statementsIn(text)).toEqual(statements);
  });

  test('of several things the first does what the sentence says, the others are there', () => {
    expect(statementsIn('A person comes in while two dogs and a car leave.')).toEqual([
      { kind: 'comes', classes: ['person'] },
      { kind: 'goes', classes: ['dog'], count: 2 },
      { kind: 'is', classes: ['car'] },
    ]);
  });

  test('a vehicle may be any of its kind, and something anything', () => {
    expect(statementsIn('A vehicle leaves.')[0]?.classes).toContain('bus');
    expect(statementsIn('Something comes in.')[0]?.classes).toHaveLength(80);
  });
});
