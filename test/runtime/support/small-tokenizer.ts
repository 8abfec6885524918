import { byteAlphabet } from '../../../server/runtime/onnx/text/tokenizer.js';

/** Token ids of {@link smallTokenizer}'s special tokens. */
export const smallTokenizerMarkup = { start: 256, end: 257 } as const;

/**
 * The contents of a small `tokenizer.json`: token n is the byte n, 256 and 257 are the chat markup, 258 is
 * the word `the`, 259 an added token that is not special.
 */
export function smallTokenizer(): Record<string, unknown> {
  const vocabulary = Object.fromEntries(byteAlphabet.map((character, byte) => [character, byte]));
  return {
    added_tokens: [
      { id: 256, content: '<|im_start|>', special: true },
      { id: 257, content: '<|im_end|>', special: true },
      { id: 259, content: '<tool>', special: false },
    ],
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      // As some published files do, the markup also stands in the vocabulary itself.
      vocab: { ...vocabulary, '<|im_start|>': 256, '<|im_end|>': 257, the: 258, th: 260 },
      merges: [
        ['t', 'h'],
        ['th', 'e'],
      ],
      ignore_merges: true,
    },
  };
}
