import { z } from 'zod';

/**
 * What stands in the place of a model's own sense of timing, or of the model altogether.
 *
 * - `every-frame`: it speaks after every frame.
 * - `uniform`: it speaks at uniform times, one in the middle of every `interval` seconds.
 * - `oracle-times`: it speaks once in the middle of every gold span, which tells wording from timing.
 * - `majority`: nobody looks: one and the same answer in the middle of every gold span.
 */
export const baselineSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('every-frame') }),
  z.strictObject({ type: z.literal('uniform'), interval: z.number().positive() }),
  z.strictObject({ type: z.literal('oracle-times') }),
  z.strictObject({ type: z.literal('majority'), answer: z.string() }),
]);

/** {@link baselineSchema}. */
export type Baseline = z.output<typeof baselineSchema>;

/** Names of the baselines. */
export const baselineNames = ['every-frame', 'uniform', 'majority', 'oracle-times'] as const;

/** Whether what is played depends on the gold spans. */
export function playsFromGold(baseline: Baseline | null): boolean {
  return baseline?.type === 'oracle-times' || baseline?.type === 'majority';
}
