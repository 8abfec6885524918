import type { ScoreName } from '../../runtime/capabilities.js';

/** The tokens that stand for the heads' answers. */
export const headTokens = {
  informative: { no: '<|duet_informative_no|>', yes: '<|duet_informative_yes|>' },
  relevance: { no: '<|duet_relevance_no|>', yes: '<|duet_relevance_yes|>' },
} as const satisfies Record<ScoreName, { readonly no: string; readonly yes: string }>;

/** Their texts, in the order of their ids. */
export const headTokenTexts: readonly string[] = Object.values(headTokens).flatMap(({ no, yes }) => [
  no,
  yes,
]);
