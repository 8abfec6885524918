import { expect, test } from 'vitest';
import { byteAlphabet, bytesOfToken } from '../../../../server/runtime/onnx/text/tokenizer.js';
import { Detokenizer } from '../../../../server/runtime/onnx/text/reply-text.js';

/** A vocabulary whose token n is the byte n. */
const bytewise = () => new Detokenizer((token) => Uint8Array.of(token));

test.each([
  ['plain words keep their spaces', ' A dog  barks.\n'],
  ['emoji outside the basic plane', 'a 🐶 and 👨‍👩‍👧 end'],
  ['Chinese, Japanese and Korean', '一只狗 犬が走る 개가 짖는다'],
  ['accents, also as combining marks', 'café café'],
  ['a byte order mark', '\uFEFFstart \uFEFF middle'],
])('%s come back byte by byte, whole characters only', (_, text) => {
  const detokenizer = bytewise();
  const parts = [...new TextEncoder().encode(text)].map((byte) => detokenizer.push(byte));
  expect(parts.join('')).toBe(text);
  // Every part is empty or whole: no replacement character, no lone surrogate.
  for (const part of parts) expect(part).not.toMatch(/\p{Surrogate}/u);
  expect(parts.join('')).not.toContain('\uFFFD');
});

test('a character is yielded with its last byte, not before', () => {
  const detokenizer = bytewise();
  const parts = [...new TextEncoder().encode('🐶')].map((byte) => detokenizer.push(byte));
  expect(parts).toEqual(['', '', '', '🐶']);
});

test('bytes that can never be a character become U+FFFD and do not spoil what follows', () => {
  const detokenizer = bytewise();
  const bytes = [0xff, 0x61, 0xc3, 0x62, 0xe4, 0xb8, 0x63];
  expect(bytes.map((byte) => detokenizer.push(byte)).join('')).toBe('\uFFFDa\uFFFDb\uFFFDc');
});

test('a character that is never completed is dropped', () => {
  const detokenizer = bytewise();
  expect([0x61, 0xf0, 0x9f].map((byte) => detokenizer.push(byte))).toEqual(['a', '', '']);
});

test('a token may hold the end of one character and the beginning of the next', () => {
  const [dog, cat] = ['犬', '猫'].map((text) => new TextEncoder().encode(text));
  if (dog === undefined || cat === undefined) throw new Error('no bytes');
  const tokens = [
    dog.subarray(0, 2),
    Uint8Array.of(...dog.subarray(2), ...cat.subarray(0, 1)),
    cat.subarray(1),
  ];
  const detokenizer = new Detokenizer((token) => tokens[token] ?? new Uint8Array(0));
  expect([0, 1, 2].map((token) => detokenizer.push(token))).toEqual(['', '犬', '猫']);
});

test('the byte alphabet is that of GPT-2', () => {
  expect(new Set(byteAlphabet).size).toBe(256);
  expect(byteAlphabet[0x20]).toBe('Ġ');
  expect(byteAlphabet[0x0a]).toBe('Ċ');
  expect(byteAlphabet[0x41]).toBe('A');
  expect(byteAlphabet[0xad]).toBe('Ń');
  expect(bytesOfToken('ĠA')).toEqual(Uint8Array.of(0x20, 0x41));
  expect(bytesOfToken('狗')).toBeNull();
});
