import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { CleanedText, cleanUp } from '../../../../server/runtime/onnx/text/reply-text.js';
import { replyText } from '../../../../server/runtime/onnx/text/reply-text.js';

const pairs = z
  .array(z.tuple([z.string(), z.string()]))
  .parse(
    JSON.parse(readFileSync(new URL('../../../golden/clean-up/clean-up.json', import.meta.url), 'utf8')),
  );

/** A text cleaned up in pieces of `size` UTF-16 code units. */
function inPieces(text: string, size: number): string {
  const cleaned = new CleanedText();
  let out = '';
  for (let from = 0; from < text.length; from += size) out += cleaned.push(text.slice(from, from + size));
  return out + cleaned.end();
}

test('texts are cleaned up as transformers does, whole and in pieces of any size', () => {
  expect(pairs.length).toBeGreaterThan(100);
  for (const [text, expected] of pairs) {
    expect(cleanUp(text), JSON.stringify(text)).toBe(expected);
    for (const size of [1, 2, 3, 7]) expect(inPieces(text, size), JSON.stringify(text)).toBe(expected);
  }
});

test('two hundred thousand drawn texts are cleaned up in pieces as whole', () => {
  const atoms = [' ', '.', "'", 'n', 't', 's', 'v', 'e', 'm', 'r', 'ab', '狗', ' ?', " '", "n't", '\n'];
  let state = 1;
  const draw = (most: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % most;
  };
  for (let round = 0; round < 200_000; round++) {
    const text = Array.from({ length: 1 + draw(10) }, () => atoms[draw(atoms.length)]).join('');
    if (inPieces(text, 1 + draw(3)) !== cleanUp(text)) expect.fail(JSON.stringify(text));
  }
});

test('words arrive as they are generated, not all at the end', () => {
  const cleaned = new CleanedText();
  const parts = ['The dog', ' is', " n't", ' here', ' .', ' 狗狗'].map((part) => cleaned.push(part));
  expect(parts.slice(1).some((part) => part !== '')).toBe(true);
  expect(parts.join('') + cleaned.end()).toBe("The dog isn't here. 狗狗");
});

const bytes = [...new TextEncoder().encode("A dog , is n't it ? "), 0xf0, 0x9f];
const spell = (layout: 'trained' | 'reference') => {
  const text = replyText(layout, (token) => Uint8Array.of(token));
  return bytes.map((byte) => text.push(byte)).join('') + text.end();
};

test('only the reference layout cleans up, and keeps an incomplete character', () => {
  expect(spell('reference')).toBe("A dog, isn't it? \uFFFD");
  expect(spell('trained')).toBe("A dog , is n't it ? ");
});
