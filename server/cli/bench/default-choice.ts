import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ScoringChoice } from '../../scoring/benchmark.js';
import type { PreparedBench } from './prepare.js';

/** The part of a model's `figures.json` that says at which values its own figures were made. */
const figuresSchema = z.object({ variants: z.object({ model: z.unknown() }) });

interface DefaultChoice {
  readonly values: Readonly<Record<string, number>>;
  readonly origin: string;
}

/**
 * The rules to report at where nobody chose: those of the model's own figures, or fixed ones. Neither looks at
 * the split that is scored.
 */
export async function withDefaultChoice(
  prepared: PreparedBench,
  modelFolder: string,
): Promise<PreparedBench> {
  const { benchmark, rules, inputs } = prepared;
  const { choice } = benchmark;
  if (choice === null || inputs.development !== null) return prepared;
  const names = Object.keys(choice.fixed);
  if (names.some((name) => rules[name] !== undefined)) return prepared;
  const { values, origin } = await defaultOf(choice, modelFolder);
  const figures = names.map((name) => `${name} ${values[name]}`).join(' and ');
  const flags = names.map((name) => `--${name}`).join(' and ');
  return {
    ...prepared,
    rules: { ...rules, ...values },
    choiceNote: `reported at ${figures}, ${origin}; choose with ${flags} or --dev-annotations`,
  };
}

async function defaultOf({ fixed, ofFigures }: ScoringChoice, modelFolder: string): Promise<DefaultChoice> {
  const text = await readFile(join(modelFolder, 'figures.json'), 'utf8').catch(() => null);
  const figures = figuresSchema.safeParse(text === null ? null : parsed(text)).data;
  const own = figures === undefined ? null : ofFigures(figures.variants.model);
  if (own === null) return { values: fixed, origin: 'fixed beforehand' };
  return { values: own, origin: "as for the figures of the model's card" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
