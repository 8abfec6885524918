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

function fill<Kind extends Element>(made: Kind, parts: Parts): Kind {
  if (parts.class !== undefined) made.setAttribute('class', parts.class);
  if (parts.text !== undefined) made.textContent = parts.text;
  for (const [key, value] of Object.entries(parts.attributes ?? {})) made.setAttribute(key, String(value));
  made.append(...(parts.children ?? []));
  return made;
}
