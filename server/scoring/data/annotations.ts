import { z } from 'zod';
import type { Mode } from '../mode.js';
import { fileFault } from './json/file-fault.js';
import { checkValue } from './json/parse-json.js';
import { questionIdSchema, questionKey, type QuestionId } from './question-id.js';
import { lineOfValue, type PlacedValue, type RecordFile } from './json/read-records.js';

/** Annotations by question, and the questions of the same file that have no answer. */
export interface Gold<Annotation> extends ReadonlyMap<string, Annotation> {
  readonly unlabelled?: ReadonlySet<string>;
}

/** Indexes annotations by question. Throws, naming both lines, if an id is annotated twice. */
export function indexById<Item, Annotation>(
  records: RecordFile<Item>,
  mode: Mode,
  idField: string,
  idOf: (item: Item) => QuestionId,
  convert: (item: Item, position: number) => Annotation,
): Map<string, Annotation> & Gold<Annotation> {
  const { file } = records;
  const lines = new Map<string, () => number>();
  const claim = (key: string, lineOf: () => number): void => {
    const earlier = lines.get(key);
    if (earlier !== undefined) {
      const place = { file, line: lineOf(), field: idField };
      throw fileFault(place, `${key} is annotated twice, first on line ${earlier()}`);
    }
    lines.set(key, lineOf);
  };
  const index = new Map<string, Annotation>();
  for (const [position, item] of records.items.entries()) {
    const key = questionKey(idOf(item), mode);
    claim(key, () => records.lineOf(position));
    index.set(key, convert(item, position));
  }
  const unlabelled = new Set<string>();
  for (const placed of records.unlabelled) {
    const key = questionKey(idWithin(placed, idField), mode);
    claim(key, () => lineOfValue(placed));
    unlabelled.add(key);
  }
  return Object.assign(index, { unlabelled });
}

function idWithin({ value, source, path }: PlacedValue, idField: string): QuestionId {
  const fields = checkValue(z.record(z.string(), z.unknown()), value, source, path);
  return checkValue(questionIdSchema, fields[idField], source, [...path, idField]);
}

/** Labels of an annotation by which results can be sliced, such as task, language or category. */
export type Tags = Readonly<Record<string, string>>;

/** The plain fields of an annotation that are not part of its format, without a leading underscore. */
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
