/** What a new element gets; text goes in as text, never as markup. */
export interface Parts {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
  readonly children?: readonly Node[];
}

/** A new element of HTML. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  parts: Parts = {},
): HTMLElementTagNameMap[Name] {
  return fill(document.createElement(name), parts);
}

/** A new element of SVG. */
export function draw<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  parts: Parts = {},
): SVGElementTagNameMap[Name] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), parts);
}

/** The element with this id and class; null where the document has none. */
export function find<Kind extends Element>(id: string, kind: new () => Kind): Kind | null {
  const found = document.getElementById(id);
  return found instanceof kind ? found : null;
}

/** The element with this id and class; throws when the document has none. */
export function element<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = find(id, kind);
  if (found !== null) return found;
  throw new Error(`The page has no ${kind.name} with the id "${id}"`);
}

/** Changes the text of an element only when it differs, so that nothing is laid out or announced in vain. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Points an `<svg><use id=…>` at another icon of the page. */
export function setIcon(use: SVGUseElement, name: string): void {
  use.setAttribute('href', `#icon-${name}`);
}

function fill<Kind extends Element>(made: Kind, parts: Parts): Kind {
  if (parts.class !== undefined) made.setAttribute('class', parts.class);
  if (parts.text !== undefined) made.textContent = parts.text;
  for (const [key, value] of Object.entries(parts.attributes ?? {})) made.setAttribute(key, String(value));
  made.append(...(parts.children ?? []));
  return made;
}
