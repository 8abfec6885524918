/**
 * Makes tokens that were generated before less likely, in place: positive logits are divided by `penalty`,
 * negative ones multiplied (Keskar et al. 2019, CTRL; each token once, however often it was generated). A
 * penalty of 1 changes nothing.
 */
export function penalizeRepetition(logits: Float32Array, generated: Iterable<number>, penalty: number): void {
  if (penalty === 1) return;
  for (const token of generated) {
    const logit = logits[token];
    if (logit === undefined) continue;
    logits[token] = logit < 0 ? logit * penalty : logit / penalty;
  }
}

/** The index of the largest logit, the first of equals. */
export function likeliestToken(logits: Float32Array): number {
  let best = 0;
  let bestLogit = Number.NEGATIVE_INFINITY;
  for (let token = 0; token < logits.length; token++) {
    const logit = logits[token] ?? Number.NEGATIVE_INFINITY;
    if (logit > bestLogit) {
      bestLogit = logit;
      best = token;
    }
  }
  return best;
}
