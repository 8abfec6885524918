import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import type { Engine } from '../engine/engine.js';
import { estimateOf, type EstimateParts } from '../engine/estimate.js';
import { describePicture, describeTalk } from '../situation.js';
import { asProbability, type Decider, type Probability } from './decider.js';
import { decisionOf, statementsOf } from './statements.js';

/** Decides by System One: one request with a yes or no question (`noul`) for each score. */
export function systemOneDecider(engine: Engine, parts: EstimateParts): Decider {
  return {
    decide: async (situation, call) => {
      const { systemPrompt, pictures } = situation;
      const statements = statementsOf(situation);
      const shown = pictures.flatMap((picture, index) => [
        describePicture(picture, index === pictures.length - 1),
        { type: 'image_url', image_url: { url: picture.url } },
      ]);
      const body = {
        state: [systemPrompt, describeTalk(situation), ...shown],
        questions: Object.fromEntries(
          statements.map((instructions, index) => [`q${index}`, { type: 'noul', instructions }]),
        ),
      };
      const estimate = estimateOf(situation, parts, { output: statements.length, more: statements });
      const answer = await engine.ask('/systemone', body, { ...call, estimate });
      const { success, data } = answerSchema.safeParse(answer);
      if (!success) throw notSystemOne(engine);
      return decisionOf(
        situation,
        statements.map((_, index) => probabilityOf(data.answers[`q${index}`])),
      );
    },
  };
}

/** Engines differ in whether they say `label_mass`; one that leaves an answer out refuses it. */
const answerSchema = z.object({
  answers: z.record(
    z.string().max(64),
    z.object({
      noul: z.number().min(0).max(1),
      label_mass: z.number().min(0).max(1.001).nullish(),
    }),
  ),
});

type Answer = z.infer<typeof answerSchema>['answers'][string];

function probabilityOf(answer: Answer | undefined): Probability | null {
  if (answer === undefined) return null;
  return asProbability(answer.noul, answer.label_mass ?? null);
}

function notSystemOne({ name }: Engine): DuetError {
  return new DuetError('unsupported', `${name.url}/systemone did not answer what it was asked`);
}
