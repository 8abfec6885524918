import { DuetError } from '../../../errors.js';
import type { PlainScorer, ScoringRequest } from '../../benchmark.js';
import { openPredictions } from '../../data/read-predictions.js';
import { missingIn } from '../common-rules.js';
import { chooseOnDevelopment, givenChoice, type Choice } from './choice.js';
import type { GroundingRules } from './rules.js';
import { readGroundingAnnotations } from './grounding-annotations.js';
import { groundingReport } from './grounding-report.js';
import { scoreGrounding, type GroundingOptions } from './score-grounding.js';

type Request = ScoringRequest<GroundingRules>;

/** Reads the gold spans, and chooses window and threshold where there is a development split to choose on. */
export async function openGrounding(request: Request): Promise<PlainScorer> {
  const { annotations, mode, unknown, rules } = request;
  const { protocol, longestRun } = rules;
  const missing = missingIn(mode, rules.missing);
  const unchosen = { mode, protocol, longestRun, unknown, missing, choice: null };
  const options = { ...unchosen, choice: await chooseRow(request, unchosen) };
  const gold = await readGroundingAnnotations(annotations, mode);
  return {
    type: 'plain',
    gold,
    score: async (predictions) => {
      const source = openPredictions(predictions, { frames: true });
      return groundingReport(await scoreGrounding(source, gold, options), options);
    },
  };
}

async function chooseRow(
  { rules, development, mode }: Request,
  options: GroundingOptions,
): Promise<Choice | null> {
  const { window, threshold } = rules;
  if (window !== undefined && threshold !== undefined) return givenChoice(window, threshold);
  if (window !== undefined || threshold !== undefined) {
    throw new DuetError('invalid_request', '--window and --threshold are chosen together; give both');
  }
  if (development === null) return null;
  const gold = await readGroundingAnnotations(development.annotations, mode);
  const source = openPredictions(development.predictions, { frames: true });
  return chooseOnDevelopment((await scoreGrounding(source, gold, options)).rows);
}
