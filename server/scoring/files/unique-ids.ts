import type { Mode } from '../mode.js';
import { fileFault } from './file-fault.js';
import { questionKey, type QuestionId } from './question-id.js';
import type { RecordFile } from './read-records.js';

/** Indexes annotations by question. Throws, naming both lines, where an id is annotated twice. */
export function indexById<Item, Annotation>(
  records: RecordFile<Item>,
  mode: Mode,
  idField: string,
  idOf: (item: Item) => QuestionId,
  convert: (item: Item, position: number) => Annotation,
): Map<string, Annotation> {
  const seen = new Map<string, number>();
  const index = new Map<string, Annotation>();
  for (const [position, item] of records.items.entries()) {
    const key = questionKey(idOf(item), mode);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      const place = { file: records.file, line: records.lineOf(position), field: idField };
      throw fileFault(place, `${key} is annotated twice, first on line ${records.lineOf(earlier)}`);
    }
    seen.set(key, position);
    index.set(key, convert(item, position));
  }
  return index;
}
