/** Text that is already HTML; only {@link html} makes it, so everything else on a page is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text and numbers are escaped, markup is not, lists are joined. */
export type Insertable = Markup | string | number | readonly Insertable[];

/** Makes HTML of a template in which every value is escaped, for content and for quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...values: readonly Insertable[]): Markup {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) text += textOf(value) + (parts[index + 1] ?? '');
  return new Markup(text);
}

/** No markup at all. */
export const nothing = new Markup('');

function textOf(value: Insertable): string {
  if (value instanceof Markup) return value.text;
  return typeof value === 'object' ? value.map(textOf).join('') : escapeText(String(value));
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters are not allowed in HTML, and NUL is a parse error. */
function escapeText(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => references[character] ?? '')
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd');
}
