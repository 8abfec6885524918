/** Code points of one field a judge is shown; what is longer is cut. */
export const longestField = 8000;

/** Stands for what was cut off. */
const cutMark = ' [...]';

/** A text as it is shown to a judge. */
export interface QuotedField {
  /** A JSON string, so that no line break and no quotation mark of the text can end the field. */
  readonly quoted: string;
  readonly cut: boolean;
}

/**
 * Quotes a stranger's text as data. It is cut to {@link longestField}, and the marks by which chat templates tell
 * speakers apart (`<|...|>`) are broken up, since some servers would take them for such.
 */
export function quoteField(text: string): QuotedField {
  const points = text.length > longestField ? Array.from(text) : null;
  const cut = points !== null && points.length > longestField;
  const shown = cut ? points.slice(0, longestField).join('') + cutMark : text;
  return { quoted: JSON.stringify(shown.replaceAll('<|', '< |').replaceAll('|>', '| >')), cut };
}
