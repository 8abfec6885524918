import type OpenAI from 'openai';
import { DuetError } from '../../../errors.js';
import { settingsOf } from '../asking/judge-settings.js';
import type { JudgingPlan } from '../judging-plan.js';
import { openClient } from '../kinds/openai/client.js';
import { checkAddress, checkKey } from '../kinds/openai/endpoint-address.js';
import { endpointFailure } from '../kinds/openai/endpoint-failure.js';

/** Runs work with a client for the service of a plan's judge. Errors say what to do. */
export async function withBatchClient<Result>(
  plan: JudgingPlan,
  signal: AbortSignal,
  work: (client: OpenAI) => Promise<Result>,
): Promise<Result> {
  const settings = settingsOf(plan, plan.judge, signal);
  checkAddress(settings);
  checkKey(settings);
  try {
    return await work(openClient(settings));
  } catch (thrown) {
    if (!signal.aborted) throw endpointFailure(thrown, settings);
    throw new DuetError('cancelled', 'interrupted; repeat the command', { cause: thrown });
  }
}
