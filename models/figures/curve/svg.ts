/** A piece of SVG, escaped already. */
export type Svg = string;

/**
 * An element with its attributes and what stands within it; numbers are written with two decimals at most.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Svg[]
): Svg {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  const head = `<${name}${written.join('')}`;
  return children.length === 0 ? `${head}/>` : `${head}>${children.join('')}</${name}>`;
}

/** Text at a place. */
export function text(content: string, attributes: Readonly<Record<string, string | number>>): Svg {
  return element('text', attributes, escaped(content));
}

/** A path through points. */
export function line(points: readonly (readonly [x: number, y: number])[], className: string): Svg {
  const d = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('');
  return element('path', { d, class: className });
}

function attribute(value: string | number): string {
  return typeof value === 'number' ? short(value) : escaped(value);
}

function short(value: number): string {
  return String(Number(value.toFixed(2)));
}

function escaped(content: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return content.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}
