import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import type { Engine } from '../engine/engine.js';
import { estimateOf, type EstimateParts } from '../engine/estimate.js';
import { describePicture, describeTalk, type ShownPicture, type Situation } from '../situation.js';
import { asProbability, type Decider, type Probability } from './decider.js';
import { decisionOf, statementsOf } from './statements.js';

/**
 * Decides by System One: one request with a yes or no question (`noul`) for each score. Servers differ in how they take
 * pictures, and those that take them in another way read their letters.
 */
export function systemOneDecider(engine: Engine, parts: EstimateParts, form: PictureForm): Decider {
  return {
    decide: async (situation, call) => {
      const statements = statementsOf(situation);
      const body = {
        ...form(situation),
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

/** How the state of a request shows the pictures of a situation. */
type PictureForm = (situation: Situation) => Readonly<Record<string, unknown>>;

/** As parts of the state, for vLLM and others whose chat takes them so. */
export const picturesInState: PictureForm = (situation) => ({
  state: stateOf(situation, ({ url }) => ({ type: 'image_url', image_url: { url } })),
});

/** By name, as System One's authors have it, and OpenRouter, `transformers serve` and others after them. */
export const picturesAsAssets: PictureForm = (situation) => {
  const pictures = situation.pictures.slice(-mostAssets);
  return {
    state: stateOf({ ...situation, pictures }, (_, index) => assetName(index)),
    assets: Object.fromEntries(
      pictures.map(({ url }, index) => {
        const data = url.slice(url.indexOf(',') + 1);
        return [assetName(index), { type: 'image', format: 'jpeg', data_base64: data }];
      }),
    ),
  };
};

/** More are refused. */
const mostAssets = 4;

function assetName(index: number): string {
  return `<duet-picture-${index + 1}>`;
}

function stateOf(
  situation: Situation,
  show: (picture: ShownPicture, index: number) => unknown,
): readonly unknown[] {
  const { systemPrompt, pictures } = situation;
  const shown = pictures.flatMap((picture, index) => [
    describePicture(picture, index === pictures.length - 1),
    show(picture, index),
  ]);
  return [systemPrompt, describeTalk(situation), ...shown];
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
