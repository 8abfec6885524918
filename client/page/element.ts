/** A class of elements, such as `HTMLButtonElement`. */
type ElementClass<Kind extends Element> = new () => Kind;

/** The element of the page with this id and class; throws when index.html has none. */
export function element<Kind extends Element>(id: string, kind: ElementClass<Kind>): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} with the id "${id}"`);
}

/** What a new element gets; text goes in as text, never as markup. */
export interface Parts {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Node[];
}

/** A new element. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  parts: Parts = {},
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (parts.class !== undefined) made.className = parts.class;
  if (parts.text !== undefined) made.textContent = parts.text;
  for (const [key, value] of Object.entries(parts.attributes ?? {})) made.setAttribute(key, value);
  made.append(...(parts.children ?? []));
  return made;
}

/** Changes the text of an element only when it differs, so that nothing is laid out or announced in vain. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** Points an `<svg><use id=…>` at another icon of the page. */
export function setIcon(use: SVGUseElement, name: string): void {
  use.setAttribute('href', `#icon-${name}`);
}
