/** Letters of scripts that put no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese. */
const unspaced =
  /(?:(?=[\p{L}\p{M}])[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}])+/gu;

/**
 * Words are found with a dictionary of their script in any locale; it is fixed so that the machine's own has
 * no effect.
 */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Text with a space between all words, in every script, in composed Unicode form: splitting at spaces gives
 * words.
 */
export function spaceWords(text: string): string {
  return text.normalize('NFC').replace(unspaced, (run) => {
    const words = Array.from(segmenter.segment(run), ({ segment }) => segment);
    return ` ${words.join(' ')} `;
  });
}

/** The runs of letters in a text, in lower case; digits and punctuation separate them. */
export function letterWords(text: string): string[] {
  // A joiner within a word of Hindi or Persian is not a letter, but does not separate words.
  return (
    spaceWords(text)
      .toLowerCase()
      .match(/\p{L}(?:[\p{L}\p{M}]|[\u200c\u200d](?=\p{L}))*/gu) ?? []
  );
}
