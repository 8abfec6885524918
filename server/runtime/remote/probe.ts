import { toDuetError, DuetError } from '../../errors.js';
import type { Decider, DecisionCall, DecisionWay, EngineDecision } from './deciders/decider.js';
import { deciders } from './deciders/deciders.js';
import { isUnreached } from './engine/engine-failure.js';
import type { PictureLimit } from './engine/picture-limit.js';
import { probeSituation } from './probe-situation.js';
import type { Situation } from './situation.js';
import type { Spending } from './engine/spending.js';

/**
 * Finds the first way of deciding that works with pictures. Some endpoints take them and ignore them, or read
 * their letters, so one that answers without seeing is taken only if no other way is better, and one that
 * reads letters, which takes tens of times as much, only after those. Throws what rules out every way at
 * once, such as a wrong key or an address where nothing answers, and 'unsupported' with the last reason if no
 * way works.
 */
export async function probe(
  { ways, pictures, open }: Probing,
  spending: Spending,
  signal: AbortSignal | undefined,
): Promise<Probed> {
  const call = { signal, spending, timeoutMs: probeMs, retries: 0 };
  let blind: Probed | null = null;
  let last: DuetError | null = null;
  for (const way of ways) {
    const tried = open(way);
    try {
      const found = { way, ...tried, sees: await view(way, tried, pictures, call) };
      if (found.sees === 'yes' || found.sees === 'unknown') return found;
      if (blind === null || (blind.sees === 'letters' && found.sees === 'no')) blind = found;
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
  readonly open: (way: DecisionWay) => TriedWay;
}

/** A way that is being tried. */
interface TriedWay {
  readonly decider: Decider;
  /** How many pictures it takes: a way that is not taken says nothing of the others. */
  readonly limit: PictureLimit;
}

/** What a probe has found. */
interface Probed extends TriedWay {
  readonly way: DecisionWay;
  readonly sees: Sees;
}

/** Whether it tells a red picture from a blue one, or reads the letters of their addresses. */
type Sees = 'yes' | 'no' | 'letters' | 'unknown';

/** Tokenizers in use make at least so many tokens of a letter of base64. */
const leastOfLetters = 0.4;

/** A model may be loaded only now. */
const probeMs = 180_000;

/**
 * Asks about a red picture in many letters and a blue one in few: whoever sees tells them apart, whoever was
 * not shown them answers the same, and whoever reads letters takes much less for few.
 */
async function view(way: DecisionWay, tried: TriedWay, pictures: number, call: DecisionCall): Promise<Sees> {
  const first = await ask(tried, await probeSituation(pictures, 'red'), call);
  const { informative, relevances } = first.decision;
  const tells = relevances.length > 1 && deciders[way].shared !== true;
  if (informative === null && relevances[0] == null) throw new DuetError('unsupported', 'it gave no answer');
  const mayRead = first.tokens >= first.letters * leastOfLetters;
  if (!mayRead && !tells) return 'unknown';
  const second = await ask(tried, await probeSituation(pictures, 'blue'), call);
  if (mayRead && second.tokens < first.tokens / 2) return 'letters';
  if (!tells) return 'unknown';
  const [red, blue] = [redness(first.decision), redness(second.decision)];
  if (red === null || blue === null) return 'unknown';
  return red > leastApart && blue < -leastApart ? 'yes' : 'no';
}

/** Equal requests may differ in the second decimal. */
const leastApart = 0.03;

/** How much likelier the picture was called red than blue, from -1 to 1; null if that was not answered. */
function redness({ relevances: [red, blue] }: EngineDecision): number | null {
  return red == null || blue == null ? null : red.value - blue.value;
}

/** A decision, the tokens that it took, and the letters of its pictures. */
async function ask({ decider, limit }: TriedWay, situation: Situation, call: DecisionCall) {
  const spending = call.spending.part();
  const decision = await limit.within(situation, (cut) => decider.decide(cut, { ...call, spending }));
  const letters = limit.cut(situation).pictures.reduce((sum, { url }) => sum + url.length, 0);
  return { decision, letters, tokens: spending.figures.inputTokens };
}

function endsAll(error: DuetError): boolean {
  return ['unauthorized', 'cancelled', 'budget_spent', 'busy'].includes(error.code) || isUnreached(error);
}
