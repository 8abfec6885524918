import type { PlainScorer, ScoringRequest } from '../../benchmark.js';
import { readQaAnnotations } from '../../data/qa-annotations.js';
import { openPredictions } from '../../data/read-predictions.js';
import { missingIn } from '../common-rules.js';
import type { TriggerRules } from './rules.js';
import { scoreTrigger } from './score-trigger.js';
import { triggerReport } from './trigger-report.js';

/** Reads annotated questions, and scores when they are answered. */
export async function openTrigger(request: ScoringRequest<TriggerRules>): Promise<PlainScorer> {
  const { annotations, mode, unknown, rules } = request;
  const options = { ...rules, mode, unknown, missing: missingIn(mode, rules.missing) };
  const gold = await readQaAnnotations(annotations, mode);
  return {
    type: 'plain',
    gold,
    score: async (predictions) => {
      const source = openPredictions(predictions, { frames: true });
      return triggerReport(await scoreTrigger(source, gold, options), options);
    },
  };
}
