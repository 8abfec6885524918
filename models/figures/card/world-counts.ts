import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const grammarSchema = z.object({
  languages: z.record(
    z.string(),
    z.object({
      slots: z.record(z.string(), z.object({ field: z.string(), values: z.record(z.string(), z.unknown()) })),
    }),
  ),
  patterns: z.array(z.object({ meaning: z.record(z.string(), z.string()) })),
});

/** How many values every field of a world's grammar has: things, places, and the kinds of sentences. */
export async function worldCounts(file: string): Promise<ReadonlyMap<string, number>> {
  const { languages, patterns } = grammarSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const values = new Map<string, Set<string>>();
  const add = (field: string, found: readonly string[]): void => {
    const known = values.get(field) ?? new Set();
    for (const value of found) known.add(value);
    values.set(field, known);
  };
  for (const { slots } of Object.values(languages)) {
    for (const slot of Object.values(slots)) add(slot.field, Object.keys(slot.values));
  }
  for (const { meaning } of patterns) if (meaning['kind'] !== undefined) add('kind', [meaning['kind']]);
  return new Map([...values].map(([field, found]) => [field.replaceAll(' ', '_'), found.size]));
}
