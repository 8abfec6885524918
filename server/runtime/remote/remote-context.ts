import { DuetError, refuseIfAborted, toDuetError } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import { ExclusiveCalls } from '../exclusive-calls.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  ReplyOptions,
  ReplyPart,
  ScoredFrame,
  UnscoredReason,
} from '../model.js';
import type { SpendingFigures } from '../spending-figures.js';
import type { EngineDecision } from './deciders/decider.js';
import { Entries } from './entries.js';
import type { EventWatch } from './event-watch.js';
import { Gate, type GateLook } from './gate.js';
import type { OpenRemote } from './open-remote.js';
import { mereText, type Situation } from './situation.js';
import type { Spending } from './engine/spending.js';
import { words } from './words.js';

/**
 * A conversation with a remote model. In real time one request is out at a time, for the newest picture:
 * those that came meanwhile are shown with it but not asked about by themselves. At any other pace every
 * picture is.
 */
export class RemoteContext implements DuetContext {
  readonly start: ContextMark;
  readonly #remote: OpenRemote;
  readonly #options: ContextOptions;
  readonly #entries: Entries;
  readonly #gate: Gate;
  readonly #watch: EventWatch | null;
  readonly #spending: Spending;
  readonly #calls = new ExclusiveCalls();
  /** Whether something was said since the newest decision. */
  #isAnew = true;
  /** What the newest decision said of the questions. */
  #relevances: readonly number[] = [];

  /** `watch`: follows what comes and goes for this conversation alone, which closes it; null without one. */
  constructor(remote: OpenRemote, options: ContextOptions, watch: EventWatch | null) {
    const { picture, window, gate, fps } = remote.description.file;
    this.#remote = remote;
    this.#options = options;
    const most = Math.max(window.decision, window.reply);
    // A detector sees more pictures than the engine is asked about, or is shown.
    const every = watch === null ? 0 : 1 / fps;
    this.#entries = new Entries({ quality: picture.quality, most, every });
    this.#gate = new Gate({ ...gate, atMostEvery: every });
    this.#watch = watch;
    this.#spending = remote.spending.part();
    this.start = this.#entries.addText('system', options.systemPrompt);
  }

  get size(): number {
    return this.#entries.size;
  }

  get spent(): SpendingFigures {
    return this.#spending.figures;
  }

  /** Where every picture is asked about, one that makes it speak should not have others behind it. */
  get framesPerCall(): number {
    return this.#isRealtime ? Infinity : 1;
  }

  appendFrames(pictures: readonly Picture[], signal?: AbortSignal): Promise<readonly ScoredFrame[]> {
    return this.#calls.run('appendFrames', async () => {
      refuseIfAborted(signal);
      pictures.forEach(requireWhole);
      const before = this.#entries.newest;
      const scored: ScoredFrame[] = [];
      try {
        for (const [index, picture] of pictures.entries()) {
          const mark = this.#entries.addPicture(picture);
          const isAsked = index === pictures.length - 1 || !this.#isRealtime;
          scored.push({ ...(await this.#score(picture, isAsked, signal)), mark });
        }
        return scored;
      } catch (thrown) {
        this.#entries.cutBackTo(before);
        throw thrown;
      }
    });
  }

  appendUserText(text: string, signal?: AbortSignal): Promise<ContextMark> {
    return this.#calls.run('appendUserText', () => {
      refuseIfAborted(signal);
      this.#isAnew = true;
      return Promise.resolve(this.#entries.addText('user', text));
    });
  }

  async *generateReply(
    { maxTokens, afterwards }: ReplyOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<ReplyPart, void, undefined> {
    this.#calls.enter('generateReply');
    const parts: string[] = [];
    let end: ReplyEnding = { reason: 'cancelled', tokens: 0 };
    let hasFailed = false;
    try {
      const said = this.#words(maxTokens, signal);
      let next = await said.next();
      for (; next.done !== true; next = await said.next()) {
        parts.push(next.value);
        yield { type: 'text', text: next.value };
      }
      // The client ends an aborted stream without a word.
      end = signal?.aborted === true ? { reason: 'cancelled', tokens: parts.length } : next.value;
    } catch (thrown) {
      hasFailed = signal?.aborted !== true;
      if (hasFailed) throw thrown;
      end = { reason: 'cancelled', tokens: parts.length };
    } finally {
      this.#calls.leave();
      const text = parts.join('');
      const isKept = afterwards === 'keep' && text !== '' && !hasFailed;
      if (isKept) end = { ...end, mark: this.#entries.addText('assistant', text) };
    }
    const question = mostRelevant(this.#relevances);
    yield { type: 'end', ...end, ...(question !== null && { question }) };
  }

  cutBackTo(mark: ContextMark): Promise<void> {
    return this.#calls.run('cutBackTo', () => {
      this.#entries.cutBackTo(mark);
      return Promise.resolve();
    });
  }

  evict(from: ContextMark, to: ContextMark): Promise<void> {
    return this.#calls.run('evict', () => {
      this.#entries.evict(from, to);
      return Promise.resolve();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#calls.close();
    await this.#watch?.[Symbol.asyncDispose]();
  }

  get #isRealtime(): boolean {
    return this.#options.pace?.() !== 'fast';
  }

  async #score(picture: Picture, isAsked: boolean, signal: AbortSignal | undefined): Promise<FrameScoring> {
    const happened = this.#watch === null ? null : await this.#watch.see(picture, signal);
    const look = this.#gate.look(picture, { anew: this.#isAnew, happened });
    if (look.spared !== null) return unscored(look.spared, { change: look.change });
    if (!isAsked) return unscored('busy', { change: look.change });
    look.ask();
    const outcome = await this.#decide(signal);
    if ('unscored' in outcome) {
      // It has looked, and would refuse the same picture again.
      if (outcome.unscored.reason === 'refused') this.#pass(look, null);
      return outcome;
    }
    const { informative, relevances, quiet = null } = outcome;
    const { lookAway = null } = this.#remote.description.file.gate;
    this.#pass(look, (quiet?.value ?? 0) >= surelyQuiet ? lookAway : null);
    // One question that is refused does not make the others unanswered.
    this.#relevances = relevances.map((each) => each?.value ?? 0);
    const masses = [informative, ...relevances].flatMap((each) => (each?.mass == null ? [] : [each.mass]));
    return {
      scores: { informative: informative?.value ?? 0, relevance: Math.max(0, ...this.#relevances) },
      ...(relevances.length > 0 && { relevances: this.#relevances }),
      ...(masses.length > 0 && { trust: Math.min(...masses) }),
    };
  }

  /** Notes that the engine has looked, and for how many seconds nobody needs to. */
  #pass(look: GateLook, lookAway: number | null): void {
    look.pass(lookAway);
    this.#watch?.asked();
    this.#isAnew = false;
  }

  /** Asks the engine, or says why the newest picture has no scores. */
  async #decide(signal: AbortSignal | undefined): Promise<EngineDecision | UnscoredFrame> {
    const { judge, decider, description, places } = this.#remote;
    const { limits, window } = description.file;
    const isRealtime = this.#isRealtime;
    if (isRealtime && judge.restMs > 0) {
      const message = `it is left alone for ${Math.ceil(judge.restMs / 1000)} s after it failed`;
      return unscored('failed', { message });
    }
    const begun = performance.now();
    const mostMs = 1000 * (isRealtime ? limits.decisionSeconds : limits.replySeconds);
    using place = await places.take(isRealtime ? mostMs : forEver, signal);
    if (place === null) {
      return unscored('busy', { message: `all ${limits.inFlight} requests that may be out are` });
    }
    const waitedMs = isRealtime ? performance.now() - begun : 0;
    try {
      const decision = await decider.decide(await this.#situation(window.decision), {
        ...{ signal, spending: this.#spending },
        timeoutMs: Math.max(1, Math.round(mostMs - waitedMs)),
        retries: isRealtime ? 0 : patientRetries,
      });
      const answers = [decision.informative, ...decision.relevances];
      if (answers.some((each) => each !== null)) return decision;
      return unscored('refused', { message: 'it refused, or gave no answer that can be read' });
    } catch (thrown) {
      const error = toDuetError(thrown);
      const reason = reasonOf(error, isRealtime);
      if (reason === null) throw error;
      if (reason === 'failed' && !error.retryable) judge.rest();
      return unscored(reason, { message: error.message });
    }
  }

  #words(maxTokens: number, signal: AbortSignal | undefined) {
    const { engine, description, parts } = this.#remote;
    const { limits, window, replySchema: schema = null } = description.file;
    return replyTo(
      () => this.#situation(window.reply),
      (situation) =>
        words(engine, situation, {
          ...{ maxTokens, parts, schema, signal, spending: this.#spending },
          ...{ timeoutMs: limits.replySeconds * 1000, retries: 1 },
        }),
    );
  }

  async #situation(pictures: number): Promise<Situation> {
    const { questions, transcript } = this.#entries;
    return {
      systemPrompt: mereText(this.#options.systemPrompt),
      questions: questions.map(mereText),
      transcript: transcript.map((said) => ({ ...said, text: mereText(said.text) })),
      lookAway: this.#remote.description.file.gate.lookAway ?? null,
      pictures: await this.#entries.shown(pictures),
    };
  }
}

type FrameScoring = Omit<ScoredFrame, 'mark'>;
type UnscoredFrame = Required<Pick<ScoredFrame, 'scores' | 'unscored'>>;
type ReplyEnding = Omit<Extract<ReplyPart, { type: 'end' }>, 'type'>;

/** Probability from which on nobody looks for a while. */
const surelyQuiet = 0.8;

/** How often a request is repeated where nobody waits for it. */
const patientRetries = 5;

/** Milliseconds: the longest that a timer can wait. */
const forEver = 2 ** 31 - 1;

function unscored(
  reason: UnscoredReason,
  { message = null, change = null }: { readonly message?: string | null; readonly change?: number | null },
): UnscoredFrame {
  const told = { reason, message, ...(change !== null && { change }) };
  return { scores: { informative: 0, relevance: 0 }, unscored: told };
}

/** Why a frame has no scores after an error; null for one that ends the session. */
function reasonOf({ code, retryable }: DuetError, isRealtime: boolean): UnscoredReason | null {
  if (code === 'budget_spent') return 'budget';
  if (code === 'refused') return 'refused';
  // It has decided in this way before, so that one strange answer need not end a session.
  const mayPass = retryable || code === 'unsupported';
  return mayPass && isRealtime ? 'failed' : null;
}

/** The question that a reply is about: the likeliest one; null if none is likely. */
function mostRelevant(relevances: readonly number[]): number | null {
  const most = Math.max(0, ...relevances);
  return most < 0.5 ? null : relevances.indexOf(most);
}

async function* replyTo<End>(
  look: () => Promise<Situation>,
  say: (situation: Situation) => AsyncGenerator<string, End, undefined>,
): AsyncGenerator<string, End, undefined> {
  return yield* say(await look());
}

function requireWhole({ width, height, rgb }: Picture): void {
  if (rgb.length === width * height * 3 && rgb.length > 0) return;
  throw new DuetError('invalid_request', `a picture of ${width} x ${height} has ${rgb.length} bytes of RGB`);
}
