import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

/** Path of a fixture, such as `magqa/gold.json`. */
export function goldenPath(name: string): string {
  return fileURLToPath(new URL(`../../golden/${name}`, import.meta.url));
}

/** A JSON fixture, checked against what the test expects of it. */
export function readGolden<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> {
  return schema.parse(JSON.parse(readFileSync(goldenPath(name), 'utf8')));
}

/** A JSONL fixture, every line checked. */
export function readGoldenLines<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema>[] {
  const lines = readFileSync(goldenPath(name), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => schema.parse(JSON.parse(line)));
}
