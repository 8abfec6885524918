import { toDuetError, DuetError } from '../../errors.js';
import type { Decider, DecisionWay } from './deciders/decider.js';
import { deciders } from './deciders/deciders.js';
import { isUnreached } from './engine/engine-failure.js';
import { pictureUrl } from './picture-url.js';
import type { Situation } from './situation.js';
import type { Spending } from './engine/spending.js';

/**
 * Finds the first way of deciding that works with pictures: some endpoints take them and ignore them, so one that
 * answers without seeing is taken only if no other way is better. Throws what rules out every way at once, such as a
 * wrong key or an address where nothing answers, and 'unsupported' with the last reason if no way works.
 */
export async function probe(
  { ways, pictures, open }: Probing,
  spending: Spending,
  signal: AbortSignal | undefined,
): Promise<Probed> {
  const situation = await testSituation(pictures);
  let blind: Probed | null = null;
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
      const found = { way, decider, sees };
      if (sees !== false) return found;
      blind ??= found;
    } catch (thrown) {
      last = toDuetError(thrown);
      if (blind === null && endsAll(last)) throw last;
    }
  }
  if (blind !== null) return blind;
  const tried = ways.map((way) => deciders[way].told).join(', then ');
  const reason = last?.message ?? 'there is none';
  const code = last === null || last.code === 'refused' ? 'unsupported' : last.code;
  throw new DuetError(code, `no way to decide about pictures works (${tried}): ${reason}`);
}

/** What is tried. */
interface Probing {
  readonly ways: readonly DecisionWay[];
  /** How many pictures a decision is about: some engines take one alone. */
  readonly pictures: number;
  readonly open: (way: DecisionWay) => Decider;
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

/** Grey pictures, and a red one at the end. */
async function testSituation(pictures: number): Promise<Situation> {
  const grey = new Uint8Array(side * side * 3).fill(120);
  const red = new Uint8Array(side * side * 3).map((_, at) => (at % 3 === 0 ? 220 : 0));
  const shown = Array.from({ length: pictures }, (_, index) => (index === pictures - 1 ? red : grey));
  const questions = ['Tell me when the picture is all red.', 'Tell me when the picture is all blue.'];
  return {
    ...{ systemPrompt: 'You look at a picture.', questions, lookAway: null },
    transcript: [{ by: 'assistant', text: 'The picture is grey.', time: null }],
    pictures: await Promise.all(
      shown.map(async (rgb) => ({
        url: await pictureUrl({ width: side, height: side, rgb }, 80),
        time: null,
      })),
    ),
  };
}

/** Pixels: some engines refuse smaller pictures. */
const side = 224;
