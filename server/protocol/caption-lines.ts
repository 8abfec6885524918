/**
 * Columns that a line of captions has at most, and lines that are on screen at once, as broadcasters have it.
 */
const mostColumns = 42;
const mostLines = 2;

/**
 * A text as captions: what is on screen at once, one after another, each at most two lines of 42 columns, or
 * as many as are given. Lines break between words and are about equally long; scripts without spaces break
 * where a word ends. A wide character, such as an ideograph, counts as two columns.
 */
export function captionPages(text: string, columns = mostColumns): readonly (readonly string[])[] {
  const lines = captionLines(text, columns);
  const pages = Math.ceil(lines.length / mostLines);
  return Array.from({ length: pages }, (_, page) => lines.slice(page * mostLines, (page + 1) * mostLines));
}

/**
 * A text in lines of at most 42 columns, or as many as are given, about equally long; empty for a blank text.
 */
export function captionLines(text: string, columns = mostColumns): readonly string[] {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const pieces = words.flatMap((word) => piecesOf(word, columns));
  const filled = breaksAt(pieces, columns);
  // The narrowest lines that need no more of them.
  const total = pieces.reduce((sum, piece) => sum + piece.columns, 0);
  const widest = pieces.reduce((most, piece) => Math.max(most, piece.columns), 0);
  for (let narrow = Math.max(widest, Math.floor(total / filled.length)); narrow < columns; narrow += 1) {
    const breaks = breaksAt(pieces, narrow);
    if (breaks.length <= filled.length) return linesOf(pieces, breaks);
  }
  return linesOf(pieces, filled);
}

/** Part of a text within which no line breaks. */
interface Piece {
  readonly text: string;
  /** How wide it is. */
  readonly columns: number;
  /** What stands before it in the middle of a line. */
  readonly before: '' | ' ';
}

/** The first piece of each line, when lines are filled up to so many columns. */
function breaksAt(pieces: readonly Piece[], most: number): readonly number[] {
  const breaks: number[] = [];
  let filled = Infinity;
  for (const [index, { columns, before }] of pieces.entries()) {
    filled += before.length + columns;
    if (filled <= most) continue;
    breaks.push(index);
    filled = columns;
  }
  return breaks;
}

function linesOf(pieces: readonly Piece[], breaks: readonly number[]): readonly string[] {
  return breaks.map((first, line) => {
    const held = pieces.slice(first, breaks[line + 1]);
    return held.map(({ text, before }, index) => (index === 0 ? text : before + text)).join('');
  });
}

/** A word, in parts where it has wide characters or does not fit into a line. */
function piecesOf(word: string, most: number): readonly Piece[] {
  const columns = columnsOf(word);
  if (columns <= most && !wide.test(word)) return [{ text: word, columns, before: ' ' }];
  const parts: string[] = [];
  for (const { segment } of words.segment(word)) {
    const before = parts.at(-1) ?? '';
    // A line does not begin with a full stop.
    if (/^\p{P}$/u.test(segment) && columnsOf(before + segment) <= most) {
      parts.splice(-1, 1, before + segment);
    } else parts.push(...(columnsOf(segment) <= most ? [segment] : charactersOf(segment)));
  }
  return parts.map((text, index) => ({ text, columns: columnsOf(text), before: index === 0 ? ' ' : '' }));
}

/** How wide a text is, in columns of a narrow character. */
function columnsOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return charactersOf(text).reduce((columns, character) => columns + (wide.test(character) ? 2 : 1), 0);
}

function charactersOf(text: string): string[] {
  return Array.from(characters.segment(text), ({ segment }) => segment);
}

/** What is written twice as wide as a letter: Hangul, Kana, ideographs, full-width forms, emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

const words = new Intl.Segmenter('und', { granularity: 'word' });
const characters = new Intl.Segmenter('und', { granularity: 'grapheme' });
