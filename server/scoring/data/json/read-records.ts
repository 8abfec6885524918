import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { fileFault } from './file-fault.js';
import { checkValue, parseJson, type JsonSource } from './parse-json.js';
import { singleObjectFault, multilineFault } from './read-json-lines.js';
import { lineOfOffset, offsetOfPath } from './read-json.js';
import { decoderFor, readingFault } from './read-lines.js';

/** Checked items of a file, and the way back to their lines. */
export interface RecordFile<Item> {
  readonly file: string;
  readonly items: readonly Item[];
  /** Items without an answer, as in a test split whose answers are withheld; not checked. */
  readonly unlabelled: readonly PlacedValue[];
  /** Line, from 1, on which the item at a position begins. */
  readonly lineOf: (position: number) => number;
}

/** A value of a file, and its position there. */
export interface PlacedValue {
  readonly value: unknown;
  readonly source: JsonSource;
  readonly path: readonly PropertyKey[];
}

/** What the items of a file look like. */
interface RecordShape<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** The same in words, for error messages. */
  readonly shape: string;
  /** Fields that hold the answer: an item without any of them is unlabelled. */
  readonly labels?: readonly string[];
}

/**
 * Reads a whole annotation file, either one JSON array or one JSON object a line, and checks every labelled
 * item. Throws naming file, line and field of the first item that does not fit the schema.
 */
export async function readRecords<Schema extends z.ZodType>(
  file: string,
  { schema, shape, labels }: RecordShape<Schema>,
): Promise<RecordFile<z.output<Schema>>> {
  const text = await readWhole(file);
  if (text.trim() === '') throw fileFault({ file, line: 1 }, 'holds no annotations');
  const isList = text.trimStart().startsWith('[');
  const expected = `an array or one object a line, each ${shape}`;
  const values = isList ? listItems(file, text) : lineItems(file, text, expected);
  const items: { readonly item: z.output<Schema>; readonly placed: PlacedValue }[] = [];
  const unlabelled: PlacedValue[] = [];
  for (const placed of values) {
    if (labels !== undefined && isUnlabelled(placed.value, labels)) unlabelled.push(placed);
    else items.push({ item: checkItem(schema, placed, text, expected), placed });
  }
  return {
    file,
    items: items.map(({ item }) => item),
    unlabelled,
    lineOf: (position) => {
      const placed = items[position]?.placed;
      return placed === undefined ? 1 : lineOfValue(placed);
    },
  };
}

/** The line, from 1, on which a value begins. */
export function lineOfValue({ source, path }: PlacedValue): number {
  return source.firstLine + lineOfOffset(source.text, offsetOfPath(source.text, path)) - 1;
}

function isUnlabelled(value: unknown, labels: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = new Map(Object.entries(value));
  if (!fields.has('question_id') && !fields.has('qid')) return false;
  return labels.every((label) => (fields.get(label) ?? null) === null);
}

/** If the file is a single object, it probably contains the items instead of being one. */
function checkItem<Schema extends z.ZodType>(
  schema: Schema,
  { value, source, path }: PlacedValue,
  text: string,
  expected: string,
): z.output<Schema> {
  try {
    return checkValue(schema, value, source, path);
  } catch (fault) {
    const place = { file: source.file, line: source.firstLine };
    throw (path.length === 0 ? singleObjectFault(place, text, expected) : null) ?? fault;
  }
}

async function readWhole(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return decoderFor(file, bytes).decode(bytes);
  } catch (thrown) {
    throw readingFault(file, 1, thrown);
  }
}

function listItems(file: string, text: string): PlacedValue[] {
  const source: JsonSource = { file, firstLine: 1, text };
  const parsed = parseJson(source);
  const values: unknown[] = Array.isArray(parsed) ? parsed : [];
  return values.map((value, position) => ({ value, source, path: [position] }));
}

function lineItems(file: string, text: string, expected: string): PlacedValue[] {
  const items: PlacedValue[] = [];
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const source: JsonSource = { file, firstLine: index + 1, text: line };
    if (line.trim() !== '') items.push({ value: parseItem(source, text, start, expected), source, path: [] });
    start += line.length + 1;
  }
  return items;
}

function parseItem(source: JsonSource, text: string, start: number, expected: string): unknown {
  try {
    return parseJson(source);
  } catch (fault) {
    const place = { file: source.file, line: source.firstLine };
    throw (
      singleObjectFault(place, text, expected) ?? multilineFault(place, text.slice(start), expected) ?? fault
    );
  }
}
