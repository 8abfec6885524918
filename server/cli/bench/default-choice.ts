import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BenchTask } from '../../scoring/runner/bench-task.js';
import type { PreparedBench } from './prepare.js';

/** The part of a model's `figures.json` that says at which window and threshold its own figures were made. */
const figuresSchema = z.object({
  variants: z.object({
    model: z.object({
      grounding: z.object({ chosen: z.object({ window: z.int(), threshold: z.number() }) }).optional(),
      highlights: z.object({ window: z.int() }).optional(),
    }),
  }),
});

interface DefaultChoice {
  readonly window: number;
  readonly threshold: number;
  readonly origin: string;
}

/** Unsmoothed and half-way up, so that nothing was selected. */
const fixed: DefaultChoice = { window: 0, threshold: 0.5, origin: 'fixed beforehand' };

/**
 * The smoothing window, and for grounding the threshold, to report at when none was chosen: those of the
 * model's own figures, or fixed ones. Neither looks at the split that is scored.
 */
export async function withDefaultChoice(
  prepared: PreparedBench,
  modelFolder: string,
): Promise<PreparedBench> {
  const { task, rules, inputs } = prepared;
  if (task !== 'charades' && task !== 'qvhighlights') return prepared;
  const chosen = rules.window ?? rules.threshold ?? inputs.development ?? rules.devPred ?? rules.devGold;
  if (chosen !== undefined) return prepared;
  const { window, threshold, origin } = (await ofFigures(task, modelFolder)) ?? fixed;
  const grounding = task === 'charades' ? { threshold } : {};
  const flags = task === 'charades' ? '--window and --threshold' : '--window';
  const figures = [`window ${window}`, ...(task === 'charades' ? [`threshold ${threshold}`] : [])].join(
    ' and ',
  );
  return {
    ...prepared,
    rules: { ...rules, window, ...grounding },
    choiceNote: `reported at ${figures}, ${origin}; choose with ${flags} or --dev-annotations`,
  };
}

async function ofFigures(task: BenchTask, modelFolder: string): Promise<DefaultChoice | null> {
  const text = await readFile(join(modelFolder, 'figures.json'), 'utf8').catch(() => null);
  const figures = figuresSchema.safeParse(text === null ? null : parsed(text));
  if (!figures.success) return null;
  const { grounding, highlights } = figures.data.variants.model;
  const origin = "as for the figures of the model's card";
  if (task === 'charades') return grounding === undefined ? null : { ...grounding.chosen, origin };
  return highlights === undefined ? null : { ...fixed, window: highlights.window, origin };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
