import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { DuetError } from '../../../errors.js';
import type { Engine } from '../engine/engine.js';
import { estimateOf, type EstimateParts } from '../engine/estimate.js';
import { describePicture, describeTalk, type ShownPicture, type Situation } from '../situation.js';
import { asProbability, type Decider, type Probability } from './decider.js';
import { decisionOf, statementsOf } from './statements.js';

/**
 * Decides by System One: one request with a yes or no question (`noul`) for each score. Servers differ in how
 * they take pictures, and those that take them in another way read their letters.
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
        statements.map((_, index) => probabilityOf(data, `q${index}`)),
      );
    },
  };
}

/** How the state of a request shows the pictures of a situation. */
type PictureForm = (situation: Situation) => Readonly<Record<string, unknown>>;

/** As parts of the state, in the form of a chat's. */
export const picturesInState: PictureForm = (situation) => ({
  state: stateOf(situation, ({ url }) => ({ type: 'image_url', image_url: { url } })),
});

/** In a list beside the state, before which vLLM and SGLang put them. */
export const picturesAsImages: PictureForm = (situation) => ({
  state: stateOf(situation, (_, index) => `image ${index + 1}`).join('\n'),
  images: situation.pictures.map(({ url }) => url),
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

/**
 * In nobody's text, and the same for every picture there, so that it tells nothing to an engine that ignores
 * assets.
 */
function assetName(index: number): string {
  return `<duet-picture-${assetSecret}-${index + 1}>`;
}

const assetSecret = randomBytes(9).toString('base64url');

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

const mass = z.number().min(0).max(1.001).nullish();

/**
 * Engines differ in whether and where they say how much was on the labels; one that leaves an answer out
 * refuses it.
 */
const answerSchema = z.object({
  answers: z.record(
    z.string().max(64),
    z.object({ noul: z.number().min(0).max(1), label_mass: mass, x_label_mass: mass }),
  ),
  diagnostics: z.record(z.string().max(64), z.object({ label_mass: mass })).nullish(),
});

function probabilityOf(
  { answers, diagnostics }: z.infer<typeof answerSchema>,
  id: string,
): Probability | null {
  const answer = answers[id];
  if (answer === undefined) return null;
  const mass = answer.label_mass ?? answer.x_label_mass ?? diagnostics?.[id]?.label_mass ?? null;
  return asProbability(answer.noul, mass);
}

function notSystemOne({ name }: Engine): DuetError {
  return new DuetError('unsupported', `${name.url}/systemone did not answer what it was asked`);
}
