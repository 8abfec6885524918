import { DuetError } from '../../../server/errors.js';

/**
 * Fills the named places, `{{name}}`, of a template. Throws 'invalid_request', with the line and the name,
 * for an unknown place.
 */
export function fillTemplate(template: string, places: ReadonlyMap<string, string>): string {
  const lines = template.split('\n').map((line, index) =>
    line.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => {
      const text = places.get(name);
      if (text !== undefined) return text;
      const place = `line ${index + 1} of the card's template`;
      const known = [...places.keys()].join(', ');
      throw new DuetError('invalid_request', `${place}: there is no figure {{${name}}}; there are ${known}`);
    }),
  );
  return lines.join('\n');
}
