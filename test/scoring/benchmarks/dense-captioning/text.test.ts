import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cider, countNgrams } from '../../../../server/scoring/benchmarks/dense-captioning/cider.js';
import { tokeniseCaption } from '../../../../server/scoring/benchmarks/dense-captioning/tokenizer/tokenise-caption.js';
import { readGolden } from '../../support/golden.js';

describe('the tokeniser', () => {
  const rows = readGolden(
    'densecap/tokenization.json',
    z.array(z.object({ text: z.string(), tokens: z.array(z.string()) })),
  );
  const captions = readGolden('densecap/caption_tokens.json', z.record(z.string(), z.string()));

  test('agrees with the Penn Treebank tokeniser on all 322 strings, the 22 hard ones included', () => {
    const wrong = rows.filter(({ text, tokens }) => tokeniseCaption(text).join('|') !== tokens.join('|'));
    expect(rows).toHaveLength(322);
    expect(wrong).toEqual([]);
  });

  test('agrees with it on all 1016 captions', () => {
    const entries = Object.entries(captions);
    expect(entries).toHaveLength(1016);
    expect(entries.filter(([text, tokens]) => tokeniseCaption(text).join(' ') !== tokens)).toEqual([]);
  });

  test.each([
    ["Don't over-mix it; they'll say y'all can't.", "do n't over-mix it they 'll say y' all ca n't"],
    ['add 1½ cups (500ml)', 'add 1 1/2 cups -lrb- 500ml -rrb-'],
    ['no. 5 of 7, no. Really?', 'no. 5 of 7 no really'],
    ['AT&T and/or US$5', 'at&t and/or us$ 5'],
    ['', ''],
    [' \t\n ', ''],
    ['......', ''],
  ])('tokenises %j', (text, tokens) => {
    expect(tokeniseCaption(text).join(' ')).toBe(tokens);
  });

  test('takes a long run of odd characters in its stride', () => {
    const text = `${"'".repeat(2000)}${'<'.repeat(2000)}${'a.'.repeat(2000)}${'9/'.repeat(2000)}`;
    expect(() => tokeniseCaption(text)).not.toThrow();
  });
});

describe('CIDEr-D', () => {
  const texts = z.record(z.string(), z.array(z.string()));
  const corpora = readGolden(
    'densecap/cider.json',
    z.array(
      z.object({
        refs: texts,
        hyps: texts,
        score: z.number(),
        scores_by_sorted_key: z.record(z.string(), z.number()),
      }),
    ),
  );
  const ngrams = (text: string) => countNgrams(text.split(' '));

  test.each(corpora.map((corpus, number) => ({ number, ...corpus })))(
    'gives the score of the reference for corpus $number',
    ({ refs, hyps, score, scores_by_sorted_key: byKey }) => {
      const keys = Object.keys(refs);
      const result = cider(
        keys.map((key) => ({
          hypothesis: ngrams(hyps[key]?.[0] ?? ''),
          references: (refs[key] ?? []).map(ngrams),
        })),
      );
      expect(result.score).toBeCloseTo(score, 6);
      for (const [index, key] of keys.entries()) {
        expect(result.items[index]).toBeCloseTo(byKey[key] ?? Number.NaN, 6);
      }
    },
  );

  test('is 0 for a corpus of one item and of none', () => {
    const item = { hypothesis: ngrams('a b c d e'), references: [ngrams('a b c d e')] };
    expect(cider([item]).score).toBe(0);
    expect(cider([]).score).toBe(0);
  });

  test('splits a token at its no-break space', () => {
    expect([...(countNgrams(['5\u00a01/2'])[0]?.keys() ?? [])]).toEqual(['5', '1/2']);
  });
});
