/** Labels of an annotation by which results can be sliced, such as task, language or category. */
export type Tags = Readonly<Record<string, string>>;

/**
 * Collects the plain fields of an annotation that are not part of its format; a leading underscore is
 * dropped.
 */
export function tagsOf(item: object, known: readonly string[]): Tags {
  const tags: Record<string, string> = {};
  for (const [name, value] of Object.entries(item)) {
    if (known.includes(name)) continue;
    if (
      typeof value === 'string' ||
      typeof value === 'number' ||
      typeof value === 'bigint' ||
      typeof value === 'boolean'
    ) {
      tags[name.replace(/^_+/, '')] = String(value);
    }
  }
  return tags;
}
