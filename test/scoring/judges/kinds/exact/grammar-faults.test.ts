import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bundledGrammar } from '../../../../../server/scoring/judges/kinds/exact/exact-judge.js';
import { readGrammar } from '../../../../../server/scoring/judges/kinds/exact/read-grammar.js';
import { temporaryFiles } from '../../../support/temporary-files.js';

const bundled = readFileSync(bundledGrammar, 'utf8');

async function faultOf(text: string): Promise<string> {
  using files = temporaryFiles();
  const file = files.write('grammar.json', text);
  const fault: unknown = await readGrammar(file).then(
    () => 'no fault',
    (thrown: unknown) => thrown,
  );
  return fault instanceof Error ? fault.message.replace(file, 'grammar.json') : String(fault);
}

describe('a grammar file with a fault', () => {
  test.each([
    ['no JSON', '{"format": 1,', 'grammar.json:1: the JSON ends too early'],
    [
      'another format',
      bundled.replace('"format": 1', '"format": 2'),
      'field format: expected the grammar format 1',
    ],
    [
      'an unknown slot',
      bundled.replace('says {word}', 'says {wrod}'),
      '.pattern: names {wrod}, which is not a slot',
    ],
    [
      'an unknown key',
      bundled.replace('"articles"', '"article"'),
      'field languages.en: Unrecognized key: "article"',
    ],
    ['a slot twice', bundled.replace('says {word}', '{word} says {word}'), 'fills a field twice'],
    ['an open bracket', bundled.replace('says {word}', 'says [{word}'), 'has a bracket or brace too many'],
    [
      'a form of two values',
      bundled.replace('["dog", "dogs"]', '["the cat", "dogs"]'),
      'cat: has the form "cat", which stands for "dog" too',
    ],
    [
      'a form of an article alone',
      bundled.replace('["dog", "dogs"]', '["the", "dogs"]'),
      'dog: has a form of nothing but articles',
    ],
    [
      'a field without weight',
      bundled.replace('"word": {\n      "weight": 5\n    },', ''),
      'fills "word", which is not among the fields',
    ],
    [
      'a sentence about each item of no list',
      bundled.replace(
        '"pattern": "that makes {number}.",',
        '"each": true, "pattern": "that makes {number}.",',
      ),
      'has no list, so that there is nothing that "each" could mean',
    ],
    ['no kind', bundled.replace('"kind": "sign"', '"word": "OPEN"'), 'needs a "kind" in its meaning'],
    [
      'a language nobody describes',
      bundled.replace('"language": "en"', '"language": "fr"'),
      'patterns[0].language: is not among the languages',
    ],
    [
      'a list within a list',
      bundled.replace('{thing} {at place}"', '{thing} {standing}"'),
      'lists.standing.item: holds a list',
    ],
    [
      'a weight of nothing',
      bundled.replace('"place": {\n      "weight": 2', '"place": {\n      "weight": 0'),
      'field fields.place.weight: Too small',
    ],
  ])('says where it is: %s', async (_name, text, message) => {
    expect(text).not.toBe(bundled);
    const fault = await faultOf(text);
    expect(fault).toMatch(/^grammar\.json:\d+: /);
    expect(fault).toContain(message);
  });

  test('is told apart from one that is not there', async () => {
    await expect(readGrammar('/nowhere/grammar.json')).rejects.toThrow('no such file');
  });
});
