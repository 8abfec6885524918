import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import type { Engine } from '../engine/engine.js';
import { estimateOf, type EstimateParts } from '../engine/estimate.js';
import { describePicture, describeTalk, type Situation } from '../situation.js';
import type { Decider, Probability } from './decider.js';
import { decisionOf, statementsOf } from './statements.js';

/** Decides by OpenAI's Decisions: one request with a predicate for each score. */
export function decisionsDecider(engine: Engine, parts: EstimateParts): Decider {
  return {
    decide: async (situation, call) => {
      const statements = statementsOf(situation);
      const body = {
        input: inputOf(situation),
        questions: statements.map((instructions, index) => ({
          ...{ type: 'predicate', name: `q${index}`, instructions },
        })),
      };
      const estimate = estimateOf(situation, parts, { output: statements.length, more: statements });
      const answer = await engine.ask('/decisions', body, { ...call, estimate });
      const { success, data } = answerSchema.safeParse(answer);
      if (!success || data.answers.length !== statements.length) throw notDecisions(engine);
      return decisionOf(situation, data.answers.map(probabilityOf));
    },
  };
}

function inputOf(situation: Situation): readonly object[] {
  const { systemPrompt, pictures } = situation;
  const shown = pictures.flatMap((picture, index) => [
    { type: 'input_text', text: describePicture(picture, index === pictures.length - 1) },
    { type: 'input_image', image_url: picture.url },
  ]);
  return [
    { role: 'developer', content: systemPrompt },
    { role: 'user', content: [{ type: 'input_text', text: describeTalk(situation) }, ...shown] },
  ];
}

/** Anything but a predicate or a refusal is no answer to what was asked. */
const answerSchema = z.object({
  answers: z
    .array(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('predicate'), probability: z.number().min(0).max(1) }),
        z.object({ type: z.literal('refusal') }),
      ]),
    )
    .max(400),
});

type Answer = z.infer<typeof answerSchema>['answers'][number];

function probabilityOf(answer: Answer): Probability | null {
  return answer.type === 'refusal' ? null : { value: answer.probability, mass: null };
}

function notDecisions({ name }: Engine): DuetError {
  return new DuetError('unsupported', `${name.url}/decisions did not answer what it was asked`);
}
