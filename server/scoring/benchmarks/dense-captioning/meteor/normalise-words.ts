/** Names under which tree-bank tokenisers write brackets. */
const brackets: Readonly<Record<string, string>> = {
  '-lrb-': '(',
  '-rrb-': ')',
  '-lsb-': '[',
  '-rsb-': ']',
  '-lcb-': '{',
  '-rcb-': '}',
};

/**
 * The words METEOR compares: lower case, punctuation apart and kept, hyphenated words split, "n't" as "n 't",
 * the dots of abbreviations dropped (u.s. becomes us). Rules in the manner of the Moses tokeniser for
 * English.
 */
export function normaliseWords(text: string): string[] {
  const spaced = ` ${text.toLowerCase()} `
    .replace(/-([lr][rsc]b)-/g, (name) => brackets[name] ?? name)
    .replace(/\s+/gu, ' ')
    // What is neither letter, digit nor a mark with rules of its own.
    .replace(/([^\p{L}\p{M}\p{N}\s.'’`,-])/gu, ' $1 ')
    .replace(/(?<=[\p{L}\p{N}])-(?=[\p{L}\p{N}])/gu, ' ')
    // A comma within a number stays.
    .replace(/(?<!\p{N}),|,(?!\p{N})/gu, ' , ')
    .replace(/[’`]/g, "'")
    .replace(/(?<![\p{L}\p{N}])'/gu, " ' ")
    .replace(/(\p{L})'(?=\p{L})/gu, "$1 '")
    .replace(/(\p{N})'(?=s)/gu, "$1 '");
  return separateApostrophes(spaced)
    .split(' ')
    .flatMap((word) => (word === '' ? [] : separateStop(word)));
}

/** An apostrophe that does not lead the rest of a split word stands by itself. */
function separateApostrophes(text: string): string {
  return text.replace(/'(?!\p{L})/gu, " ' ");
}

/**
 * Splits a final full stop off, unless the word is an abbreviation (u.s.), which loses its dots, or all dots.
 */
function separateStop(word: string): string[] {
  if (!word.includes('.') || /^\.+$/.test(word)) return [word];
  if (/^(?:\p{L}\.){2,}$/u.test(word)) return [word.replaceAll('.', '')];
  const stop = /^(.*[^.])\.$/u.exec(word);
  return stop?.[1] === undefined ? [word] : [stop[1], '.'];
}
