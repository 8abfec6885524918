import { DuetError } from '../../../server/errors.js';

/**
 * Puts texts into the named places, `{{name}}`, of a template. Throws 'invalid_request' naming line and place
 * where nothing is known for one.
 */
export function fillTemplate(template: string, places: ReadonlyMap<string, string>): string {
  const lines = template.split('\n').map((line, index) =>
    line.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => {
      const text = places.get(name);
      if (text !== undefined) return text;
      throw new DuetError(
        'invalid_request',
        `line ${index + 1} of the card's template: there is no figure {{${name}}}; there are ${[...places.keys()].join(', ')}`,
      );
    }),
  );
  return lines.join('\n');
}
