/** The rating found in a JSON reply. */
type RatingInJson =
  | { readonly type: 'no_json' }
  | { readonly type: 'rating'; readonly value: string | number }
  /** JSON without a rating, or with several. */
  | { readonly type: 'nothing' };

/**
 * Finds the rating in a reply that is, or contains, a JSON object. Only fields named like a rating count,
 * final or overall ones before others, and they must agree.
 */
export function ratingInJson(plain: string): RatingInJson {
  const parsed = parseObject(plain);
  if (parsed === undefined) return { type: 'no_json' };
  const found: Field[] = [];
  collect(parsed, found, 0);
  const values = mostTelling(found).map(({ value }) => value);
  const [first] = values;
  if (first === undefined || values.some((value) => String(value) !== String(first)))
    return { type: 'nothing' };
  return { type: 'rating', value: first };
}

/**
 * Fields of a final rating; otherwise those named like a number; otherwise any that may hold one ("verdict").
 */
function mostTelling(found: readonly Field[]): readonly Field[] {
  const last = found.filter(({ name }) => /^(?:final|overall|total)/.test(name));
  const numbered = found.filter(({ name }) => numberName.test(name));
  return [last, numbered].find((fields) => fields.length > 0) ?? found;
}

interface Field {
  /** In lower case, with the names of the enclosing objects: `evaluation.score`. */
  readonly name: string;
  readonly value: string | number;
}

const numbers = [
  'score|rating|grade|stars|points|bewertung|punktzahl|punteggio|puntuaci[oó]n|note|nota|ocena|оценка',
  '评分|評分|得分|分数|打分|評価|점수|평점',
].join('|');
const prefix = '(?:(?:final|overall|total|your|judge)_?)?';
const numberName = new RegExp(`(?:^|\\.)${prefix}(?:${numbers})(?:\\.(?:value|number))?$`);
const ratingName = new RegExp(
  `^${prefix}(?:${numbers}|evaluation|judge?ment|verdict|agreement|coverage|answer|result)$` +
    '|^(?:overall|final)$',
);
/** The field with the number if the rating is an object: `{"rating": {"value": 4}}`. */
const valueName = /^(?:value|number)$/;
/** A scale within a name: `score (1-5)`, `rating_out_of_5`. */
const scaleInName = /_*(?:\(\d+_*(?:-|–|to|\/)_*\d+\)|1_to_\d+|out_of_\d+)$/;

/** How deep nested objects are searched. */
const deepest = 4;

function collect(value: unknown, found: Field[], depth: number, outer = ''): void {
  if (typeof value !== 'object' || value === null || depth > deepest) return;
  const isRating = ratingName.test(outer.split('.').at(-1) ?? '');
  for (const [key, inner] of Object.entries(value)) {
    const own = nameOf(key);
    const name = outer === '' ? own : `${outer}.${own}`;
    const counts = ratingName.test(own) || (isRating && valueName.test(own));
    if (counts && (typeof inner === 'number' || typeof inner === 'string'))
      found.push({ name, value: inner });
    else collect(inner, found, depth + 1, name);
  }
}

function nameOf(key: string): string {
  const name = key.trim().toLowerCase();
  return name.replaceAll(/\s+|(?<=\p{L})-+(?=\p{L})/gu, '_').replace(scaleInName, '');
}

/** The object in a reply; undefined if there is none that can be parsed. */
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
