import { join } from 'node:path';
import { readGrammar } from '../../../../server/scoring/judges/kinds/exact/read-grammar.js';
import { testSetFor } from '../../defaults.js';
import type { Claim } from './statements.js';

const split = testSetFor({ tower: { type: 'detector', association: 1 } });
const { read } = await readGrammar(join(split, 'grammar.json'));

/**
 * What a reply in another language than English claims; `inLanguage` is false if it is in none, or another.
 */
export function foreignClaims(text: string, language: string): ForeignClaims {
  const { facts, unread } = read(text);
  return {
    claims: facts.flatMap(claimOf),
    inLanguage: unread === 0 && facts.every((fact) => fact.get('language') === language),
  };
}

interface ForeignClaims {
  readonly claims: readonly Claim[];
  readonly inLanguage: boolean;
}

const kinds: ReadonlyMap<string, Claim['kind']> = new Map([
  ...([
    ['enter', 'comes'],
    ['appear', 'comes'],
    ['leave', 'goes'],
    ['vanish', 'goes'],
  ] as const),
  ...([
    ['there', 'count'],
    ['none', 'count'],
    ['at', 'is'],
    ['nearer', 'is'],
  ] as const),
]);

function claimOf(fact: ReadonlyMap<string, string>): readonly Claim[] {
  const [kind, thing] = [kinds.get(fact.get('kind') ?? ''), fact.get('thing')];
  if (kind === undefined || thing === undefined) return [];
  const [side, place] = [fact.get('side'), fact.get('place')];
  const number = fact.get('kind') === 'none' ? 0 : Number(fact.get('number') ?? fact.get('count'));
  return [
    {
      ...{ kind, classes: [thing] },
      ...((side === 'left' || side === 'right') && { side }),
      ...((place === 'left' || place === 'middle' || place === 'right') && { place }),
      ...(Number.isInteger(number) && (kind === 'count' || number > 1) && { count: number }),
    },
  ];
}
