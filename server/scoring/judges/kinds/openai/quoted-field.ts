/** Code points of one field a judge is shown; what is longer is cut. */
export const longestField = 8000;

/** Stands for what was cut off. */
const cutMark = ' ...';

/** A text as it is shown to a judge. */
export interface QuotedField {
  /** A JSON string, so that no line break, no quotation mark and no mark of a chat template can end the field. */
  readonly quoted: string;
  readonly cut: boolean;
}

/**
 * What chat templates tell speakers apart by (`<|im_end|>`, `</s>`, `[INST]`), which some servers would take for such,
 * and line breaks that JSON lets stand.
 */
const marks = /[<>[\]\u0085\u2028\u2029]/g;

/** Quotes a stranger's text as data. It is cut to {@link longestField}, and {@link marks} are written as `\uXXXX`. */
export function quoteField(text: string): QuotedField {
  const points = text.length > longestField ? Array.from(text) : null;
  const cut = points !== null && points.length > longestField;
  const shown = cut ? points.slice(0, longestField).join('') + cutMark : text;
  return { quoted: JSON.stringify(shown).replace(marks, escaped), cut };
}

function escaped(mark: string): string {
  return `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
