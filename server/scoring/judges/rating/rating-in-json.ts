/** What a reply in JSON gives as its rating. */
type RatingInJson =
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
  const values = mostTelling(found).map(({ value }) => value);
  const [first] = values;
  if (first === undefined || values.some((value) => String(value) !== String(first)))
    return { type: 'nothing' };
  return { type: 'rating', value: first };
}

/** Fields of a final rating; else those named for a number; else whatever may hold one ("verdict"). */
function mostTelling(found: readonly Field[]): readonly Field[] {
  const last = found.filter(({ name }) => /^(?:final|overall|total)/.test(name));
  const numbered = found.filter(({ name }) => numberName.test(name));
  return [last, numbered].find((fields) => fields.length > 0) ?? found;
}

interface Field {
  /** In lower case, behind the names of what it lies in: `evaluation.score`. */
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
/** What holds the number where the rating is an object of its own: `{"rating": {"value": 4}}`. */
const valueName = /^(?:value|number)$/;
/** A scale within a name: `score (1-5)`, `rating_out_of_5`. */
const scaleInName = /_*(?:\(\d+_*(?:-|–|to|\/)_*\d+\)|1_to_\d+|out_of_\d+)$/;

/** Objects within objects are looked into this deep. */
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
