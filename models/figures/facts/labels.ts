import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DuetError } from '../../../server/errors.js';

const labelsSchema = z.object({
  type: z.string(),
  language: z.string(),
  asked: z.string(),
  /** The kind of event behind each answer, in order; `now` for answers without an event. */
  kinds: z.array(z.string()).optional(),
});

/** What `make_benchmark.py` records for a question besides its annotation. */
export type Labels = z.output<typeof labelsSchema>;

/** Reads `slices.json`, by question id. Throws 'invalid_request' naming what is wrong. */
export async function readLabels(file: string): Promise<ReadonlyMap<string, Labels>> {
  const parsed = z.record(z.string(), labelsSchema).safeParse(parse(await readFile(file, 'utf8')));
  if (parsed.success) return new Map(Object.entries(parsed.data));
  const issue = parsed.error.issues[0];
  throw new DuetError(
    'invalid_request',
    `${file}: ${issue?.path.map(String).join('.') ?? ''}: ` +
      (issue?.message ?? 'not as make_benchmark.py writes it'),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
