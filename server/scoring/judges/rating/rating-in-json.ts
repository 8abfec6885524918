/** What a reply in JSON gives as its rating. */
export type RatingInJson =
  | { readonly type: 'no_json' }
  | { readonly type: 'rating'; readonly value: string | number }
  /** JSON without a rating, or with several. */
  | { readonly type: 'nothing' };

/**
 * Finds the rating of a reply that is a JSON object, or holds one in a fence or between other words. Only
 * fields that are named for a rating count, those of a final or overall one before others, and they have to
 * agree.
 */
export function ratingInJson(plain: string): RatingInJson {
  const parsed = parseObject(plain);
  if (parsed === undefined) return { type: 'no_json' };
  const found: Field[] = [];
  collect(parsed, found, 0);
  const last = found.filter(({ name }) => /^(?:final|overall|total)/.test(name));
  const values = (last.length > 0 ? last : found).map(({ value }) => value);
  const [first] = values;
  if (first === undefined || values.some((value) => String(value) !== String(first)))
    return { type: 'nothing' };
  return { type: 'rating', value: first };
}

interface Field {
  readonly name: string;
  readonly value: string | number;
}

const ratingName = new RegExp(
  '^(?:(?:final|overall|total|your|judge)_?)?' +
    '(?:score|rating|grade|judge?ment|verdict|agreement|coverage|answer|result|评分|得分|分数|打分)$' +
    '|^(?:overall|final)$',
);

/** Objects within objects are looked into this deep. */
const deepest = 4;

function collect(value: unknown, found: Field[], depth: number): void {
  if (typeof value !== 'object' || value === null || depth > deepest) return;
  for (const [key, inner] of Object.entries(value)) {
    const name = key
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_');
    if (ratingName.test(name) && (typeof inner === 'number' || typeof inner === 'string')) {
      found.push({ name, value: inner });
    } else collect(inner, found, depth + 1);
  }
}

/** The object of a reply; undefined where it has none that can be read. */
function parseObject(plain: string): object | undefined {
  const start = plain.indexOf('{');
  const end = plain.lastIndexOf('}');
  if (start === -1 || end < start) return undefined;
  try {
    const value: unknown = JSON.parse(plain.slice(start, end + 1));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
