import { z } from 'zod';

/** What scoring one pair of files took in a process of its own. */
export const memorySchema = z.object({
  /** Live bytes of the annotations. */
  goldBytes: z.number(),
  /** Live bytes added by scoring, its result included. */
  resultBytes: z.number(),
  /** Most bytes the process had resident. */
  peakBytes: z.number(),
  figures: z.number(),
});

/** One of {@link memorySchema}. */
export type MemoryReport = z.output<typeof memorySchema>;
