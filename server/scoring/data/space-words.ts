/** Letters of scripts that put no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese. */
const unspaced =
  /(?:(?=[\p{L}\p{M}])[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}])+/gu;

/**
 * Words are found by a dictionary of their script, whatever the locale; one is fixed so that the machine's
 * own does not matter.
 */
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * Text with a space between all words, in every script, so that splitting at spaces gives words; in the
 * composed Unicode form.
 */
export function spaceWords(text: string): string {
  return text.normalize('NFC').replace(unspaced, (run) => {
    const words = Array.from(segmenter.segment(run), ({ segment }) => segment);
    return ` ${words.join(' ')} `;
  });
}

/** The runs of letters of a text, in lower case; digits and marks of punctuation part them. */
export function letterWords(text: string): string[] {
  // A joiner within a word of Hindi or Persian is no letter, but parts nothing.
  return (
    spaceWords(text)
      .toLowerCase()
      .match(/\p{L}(?:[\p{L}\p{M}]|[\u200c\u200d](?=\p{L}))*/gu) ?? []
  );
}
