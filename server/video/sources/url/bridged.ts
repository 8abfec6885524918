import { setTimeout as sleep } from 'node:timers/promises';

import { DuetError } from '../../../errors.js';
import { mayMendItself, passingStatuses } from './http/network-errors.js';

/**
 * Asks again while a server is away or says that it cannot answer now, for some ten seconds, so that whoever
 * waits for the answer does not hear of a hiccup. What does not exist is asked for again for a second only:
 * it may not have been published yet, but more likely it is gone.
 *
 * @param signal ends the waiting; the last outcome is then the result.
 * @throws what the last attempt threw.
 */
export async function bridged<Opened extends Closable>(
  attempt: () => Promise<Opened>,
  signal: AbortSignal,
): Promise<Opened> {
  const began = performance.now();
  for (let failures = 0; ; failures += 1) {
    const outcome = await attempt().then(
      (opened) => ({ opened }),
      (thrown: unknown) => ({ thrown }),
    );
    const delayMs = Math.min(longestDelayMs, 250 * 2 ** failures) * (0.75 + Math.random() / 2);
    const passedMs = performance.now() - began + delayMs;
    if (passedMs < patienceMs(outcome)) await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    if (passedMs < patienceMs(outcome) && !signal.aborted) {
      if ('opened' in outcome) outcome.opened.body.close();
      continue;
    }
    if ('thrown' in outcome) throw outcome.thrown;
    return outcome.opened;
  }
}

interface Closable {
  readonly answer: { readonly status: number };
  readonly body: { close(): void };
}

const longestDelayMs = 1000;

/** For how many milliseconds after the first attempt such an outcome is not the last word. */
function patienceMs(outcome: { opened: Closable } | { thrown: unknown }): number {
  if ('thrown' in outcome) {
    const { thrown } = outcome;
    const passing = thrown instanceof DuetError ? thrown.retryable : mayMendItself(thrown);
    return passing ? 10_000 : 0;
  }
  const { status } = outcome.opened.answer;
  if (status === 404) return 1000;
  return passingStatuses.has(status) ? 10_000 : 0;
}
