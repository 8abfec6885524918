import { toDuetError, DuetError } from '../../errors.js';
import type { Decider, DecisionWay } from './deciders/decider.js';
import { deciders } from './deciders/deciders.js';
import { isUnreached } from './engine/engine-failure.js';
import { pictureUrl } from './picture-url.js';
import type { Situation } from './situation.js';
import type { Spending } from './engine/spending.js';

/**
 * Finds the first way of deciding that works with a picture. Throws what rules out every way at once, such as a
 * wrong key or an address where nothing answers, and 'unsupported' with the last reason if no way works.
 */
export async function probe(
  ways: readonly DecisionWay[],
  open: (way: DecisionWay) => Decider,
  spending: Spending,
  signal: AbortSignal | undefined,
): Promise<Probed> {
  const situation = await testSituation();
  let last: DuetError | null = null;
  for (const way of ways) {
    const decider = open(way);
    try {
      const { informative, relevances } = await decider.decide(situation, {
        ...{ signal, spending, timeoutMs: probeMs, retries: 0 },
      });
      const [red, blue] = relevances;
      if (informative === null && red == null) throw new DuetError('unsupported', 'it gave no answer');
      const tells = red != null && blue != null && deciders[way].shared !== true;
      const sees = tells ? red.value > blue.value : null;
      return { way, decider, sees };
    } catch (thrown) {
      last = toDuetError(thrown);
      if (endsAll(last)) throw last;
    }
  }
  const tried = ways.map((way) => deciders[way].told).join(', then ');
  const reason = last?.message ?? 'there is none';
  const code = last === null || last.code === 'refused' ? 'unsupported' : last.code;
  throw new DuetError(code, `no way to decide about pictures works (${tried}): ${reason}`);
}

/** What a probe has found. */
interface Probed {
  readonly way: DecisionWay;
  readonly decider: Decider;
  /** Whether it tells a red picture from a blue one; null if its answers do not say. */
  readonly sees: boolean | null;
}

/** A model may be loaded only now. */
const probeMs = 180_000;

function endsAll(error: DuetError): boolean {
  return ['unauthorized', 'cancelled', 'budget_spent', 'busy'].includes(error.code) || isUnreached(error);
}

async function testSituation(): Promise<Situation> {
  const rgb = new Uint8Array(side * side * 3);
  for (let at = 0; at < rgb.length; at += 3) rgb[at] = 220;
  const questions = ['Tell me when the picture is all red.', 'Tell me when the picture is all blue.'];
  return {
    ...{ systemPrompt: 'You look at a picture.', questions, transcript: [] },
    pictures: [{ url: await pictureUrl({ width: side, height: side, rgb }, 80), time: null }],
  };
}

/** Pixels: some engines refuse smaller pictures. */
const side = 224;
