import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { fileFault } from './file-fault.js';
import { aloneFault, spreadFault } from './lone-value.js';
import { lineOfOffset, offsetOfPath } from './read-json.js';
import { checkValue, parseJson, type JsonSource } from './parse-json.js';
import { readingFault } from './read-lines.js';
import { decoderFor } from './text-decoder.js';

/** Checked items of a file, and the way back to their lines. */
export interface RecordFile<Item> {
  readonly file: string;
  readonly items: readonly Item[];
  /** Line, from 1, on which the item at a position begins. */
  readonly lineOf: (position: number) => number;
}

/**
 * Reads a whole annotation file, either one JSON array or one JSON object a line, and checks every item.
 * Throws an error naming file, line and field for whatever does not fit the schema; `shape` says in words what an item looks like.
 */
export async function readRecords<Schema extends z.ZodType>(
  file: string,
  schema: Schema,
  shape: string,
): Promise<RecordFile<z.output<Schema>>> {
  const text = await readWhole(file);
  if (text.trim() === '') throw fileFault({ file, line: 1 }, 'holds no annotations');
  return text.trimStart().startsWith('[')
    ? arrayRecords(file, text, schema)
    : lineRecords(file, text, schema, `an array or one object a line, each ${shape}`);
}

async function readWhole(file: string): Promise<string> {
  try {
    const bytes = await readFile(file);
    return decoderFor(file, bytes).decode(bytes);
  } catch (thrown) {
    throw readingFault(file, 1, thrown);
  }
}

function arrayRecords<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): RecordFile<z.output<Schema>> {
  const source: JsonSource = { file, firstLine: 1, text };
  const parsed = parseJson(source);
  const values: unknown[] = Array.isArray(parsed) ? parsed : [];
  const items = values.map((value, position) => checkValue(schema, value, source, [position]));
  return { file, items, lineOf: (position) => lineOfOffset(text, offsetOfPath(text, [position])) };
}

function lineRecords<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
  expected: string,
): RecordFile<z.output<Schema>> {
  const lines: number[] = [];
  const items: z.output<Schema>[] = [];
  let start = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const place = { file, line: index + 1 };
    if (line.trim() !== '') {
      try {
        const source: JsonSource = { file, firstLine: place.line, text: line };
        items.push(checkValue(schema, parseJson(source), source));
      } catch (fault) {
        throw aloneFault(place, text, expected) ?? spreadFault(place, text.slice(start), expected) ?? fault;
      }
      lines.push(place.line);
    }
    start += line.length + 1;
  }
  return { file, items, lineOf: (position) => lines[position] ?? 1 };
}
