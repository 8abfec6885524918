import type { ScoreName } from '../../capabilities.js';
import type { Engine } from '../engine/engine.js';
import type { EstimateParts } from '../engine/estimate.js';
import type { Decider, DecisionWay } from './decider.js';
import { captionDecider } from './caption-perplexity.js';
import { decisionsDecider } from './decisions.js';
import { foldedDecider, hiddenStateDecider } from './heads.js';
import { labelsDecider } from './label-logprobs.js';
import { reportDecider, reportTokens } from './self-report.js';
import { silenceDecider } from './silence-token.js';
import { picturesAsAssets, picturesAsImages, picturesInState, systemOneDecider } from './system-one.js';

/** The scores of a way of deciding. */
export function scoresOf(way: DecisionWay | undefined): readonly ScoreName[] {
  return way !== undefined && deciders[way].single === true ? ['informative'] : ['informative', 'relevance'];
}

/** Every way of deciding. */
export const deciders: Readonly<Record<DecisionWay, DeciderKind>> = {
  decisions: { told: 'Decisions', open: decisionsDecider },
  systemone: {
    told: 'System One',
    open: (engine, parts) => systemOneDecider(engine, parts, picturesInState),
  },
  'systemone-images': {
    told: 'System One, with a list of pictures',
    open: (engine, parts) => systemOneDecider(engine, parts, picturesAsImages),
  },
  'systemone-assets': {
    told: 'System One, with pictures as assets',
    open: (engine, parts) => systemOneDecider(engine, parts, picturesAsAssets),
  },
  labels: { askedApart: true, told: 'the probability of yes', open: labelsDecider },
  report: { told: 'what the model says of itself', open: reportDecider, answerTokens: reportTokens },
  'no-reply': {
    single: true,
    told: 'the probability of NO REPLY',
    open: (engine, parts) => silenceDecider(engine, parts, ['NO REPLY']),
  },
  'silence-token': {
    single: true,
    told: 'the probability of silence',
    open: (engine, parts, { silences }) => silenceDecider(engine, parts, silences),
  },
  caption: { single: true, told: 'how well the last reply still fits', open: captionDecider },
  heads: {
    shared: true,
    told: 'its two heads, on hidden states',
    open: (engine, parts, { heads }) => hiddenStateDecider(engine, parts, heads),
  },
  folded: {
    shared: true,
    told: 'its two heads, folded into its vocabulary',
    open: (engine, parts, { folded }) => foldedDecider(engine, parts, folded),
  },
};

/** One way of deciding. */
interface DeciderKind {
  /** Whether it gives a single score, for all questions together. */
  readonly single?: true;
  /** Whether its one relevance is that of every question. */
  readonly shared?: true;
  /** Whether every question takes a request of its own. */
  readonly askedApart?: true;
  /** The most tokens of an answer to so many statements; default: one for each. */
  readonly answerTokens?: (statements: number) => number;
  /** How users are told of it: "decides by ...". */
  readonly told: string;
  readonly open: (engine: Engine, parts: EstimateParts, options: DeciderOptions) => Decider;
}

/** What some ways need to know of a model. */
interface DeciderOptions {
  /** What it says when it stays silent. */
  readonly silences: readonly string[];
  /** Path of the file with MMDuet's heads. */
  readonly heads?: string;
  /** Path of a folded checkpoint's `duet-fold.json`. */
  readonly folded?: string;
}
