import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import { chatMessages } from '../chat-messages.js';
import type { Engine } from '../engine/engine.js';
import { estimateOf, type EstimateParts } from '../engine/estimate.js';
import type { Decider, Probability } from './decider.js';
import { decisionOf, statementsOf } from './statements.js';

/**
 * Decides by what a model says of itself: one chat whose answer is a list of numbers from 0 to 100 as JSON.
 * The last resort, since such numbers are round and rarely calibrated.
 */
export function reportDecider(engine: Engine, parts: EstimateParts): Decider {
  return {
    decide: async (situation, call) => {
      const statements = statementsOf(situation);
      const asked = [
        'How sure are you that each statement is true, from 0 (certainly not) to 100 (certainly)?',
        ...statements.map((statement, index) => `${index + 1}. ${statement}`),
        `Answer only with JSON: {"sure": [${statements.length === 1 ? 'one number' : `${statements.length} numbers`}]}`,
      ].join('\n');
      const most = reportTokens(statements.length);
      const answer = await engine.ask(
        '/chat/completions',
        {
          messages: chatMessages(situation, rules, asked),
          ...{ ...engine.sampling(most), response_format: formatOf(statements.length) },
        },
        { ...call, estimate: estimateOf(situation, parts, { output: most, more: [rules, asked] }) },
      );
      const said = readReport(answer);
      if (said === null) {
        throw new DuetError('unsupported', `${engine.name.model} did not answer a picture with a chat`);
      }
      return decisionOf(
        situation,
        statements.map((_, index) => probabilityOf(said[index])),
      );
    },
  };
}

/** The most tokens of a report about so many statements. */
export function reportTokens(statements: number): number {
  return 32 + 6 * statements;
}

const rules = 'You are asked how sure you are of statements about what you see. You answer in JSON only.';

function formatOf(count: number): object {
  const sure = {
    ...{ type: 'array', minItems: count, maxItems: count },
    items: { type: 'integer', minimum: 0, maximum: 100 },
  };
  const schema = {
    ...{ type: 'object', properties: { sure }, required: ['sure'], additionalProperties: false },
  };
  return { type: 'json_schema', json_schema: { name: 'report', strict: true, schema } };
}

const completionSchema = z.object({
  choices: z
    .array(z.object({ message: z.object({ content: z.string().max(65_536).nullish() }) }))
    .min(1)
    .max(16),
});

const reportSchema = z.object({ sure: z.array(z.number()).max(64) });

/** The numbers of a report; none if what was said is no report, null if nothing was said at all. */
function readReport(answer: unknown): readonly number[] | null {
  const { success, data } = completionSchema.safeParse(answer);
  if (!success) return null;
  const said = data.choices[0]?.message.content ?? '';
  // Some models put a fence around their JSON, or before it what they were asked, or thought of it.
  const reports = (said.match(/\{[^{}]*\}/g) ?? []).flatMap((json) => reportIn(json) ?? []);
  return reports.at(-1)?.sure ?? [];
}

function reportIn(json: string): z.infer<typeof reportSchema> | null {
  try {
    return reportSchema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}

function probabilityOf(sure: number | undefined): Probability | null {
  if (sure === undefined || !(sure >= 0 && sure <= 100)) return null;
  return { value: sure / 100, mass: null };
}
