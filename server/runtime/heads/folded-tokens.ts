import { z } from 'zod';
import { DuetError } from '../../errors.js';
import { readJsonFile } from '../../read-json-file.js';
import type { ScoreName } from '../capabilities.js';
import { modelLimits } from '../folder/limits.js';
import type { FrameScores } from '../model.js';
import { probabilityOfDifference } from './duet-heads.js';

/** Name of the file in a folded checkpoint that says which tokens stand for the heads. */
export const foldedTokensFile = 'duet-fold.json';

const tokenSchema = z.strictObject({
  id: z.int().min(0).max(modelLimits.vocabulary),
  text: z.string().min(1).max(200),
});

const foldedHeadSchema = z.strictObject({
  no: tokenSchema,
  yes: tokenSchema,
  /** Added to the difference of the logits: that of the head's biases, which no row of weights can hold. */
  offset: z.number(),
});

/** `duet-fold.json`: how scores are read from the next-token probabilities of a folded checkpoint. */
export const foldedTokensSchema = z.strictObject({
  formatVersion: z.literal(1),
  informative: foldedHeadSchema,
  relevance: foldedHeadSchema,
});

/** See {@link foldedTokensSchema}. */
export type FoldedTokens = z.infer<typeof foldedTokensSchema>;

/** The ids whose log probabilities an engine is asked for. */
export function foldedIds({ informative, relevance }: FoldedTokens): readonly number[] {
  return [informative, relevance].flatMap(({ no, yes }) => [no.id, yes.id]);
}

/**
 * Scores from the log probabilities of the token after a frame, by id: P = sigmoid(yes - no + offset), in
 * which the normaliser cancels. Throws 'model_failed', naming the token, if one is missing.
 */
export function scoresOfLogProbabilities(
  tokens: FoldedTokens,
  logProbabilities: ReadonlyMap<number, number>,
): FrameScores {
  const score = (name: ScoreName): number => {
    const { no, yes, offset } = tokens[name];
    const [ofNo, ofYes] = [no, yes].map(({ id, text }) => logProbabilities.get(id) ?? missing(id, text));
    return probabilityOfDifference((ofYes ?? NaN) - (ofNo ?? NaN) + offset, `the head ${name}`);
  };
  return { informative: score('informative'), relevance: score('relevance') };
}

function missing(id: number, text: string): never {
  throw new DuetError(
    'model_failed',
    `the engine gave no log probability for the token ${text} (${id}); it must be asked for that id, as with ` +
      `logprob_token_ids of vLLM or token_ids_logprob of SGLang`,
  );
}

/** Reads a `duet-fold.json`. Throws 'not_found' or 'invalid_request' naming the file and the field. */
export async function readFoldedTokens(path: string): Promise<FoldedTokens> {
  const json = await readJsonFile(path).catch((cause: unknown) => {
    throw new DuetError('not_found', `${path} could not be read: ${String(cause)}`, { cause });
  });
  const parsed = foldedTokensSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DuetError(
    'invalid_request',
    `${path}: field "${issue?.path.join('.') ?? ''}": ${issue?.message ?? ''}; duet model fold writes this file`,
  );
}
