import { EitherSignal } from '../../concurrency/either-signal.js';
import { toDuetError } from '../../errors.js';
import type { LiveSettings } from '../../settings/session-settings.js';
import type { ReplyPart } from '../../runtime/model.js';
import type { VideoFrame } from '../../video/frame.js';
import type { ContextMemory } from '../memory/memory.js';
import { begunBy, perhapsRepeated, repeatedBy, type ToldReply } from '../policy/repetition.js';
import type { SessionHappening } from '../record/events.js';
import type { SessionState } from '../record/session-state.js';

/** What one reply needs besides its context. */
interface ReplyRequest {
  readonly responseId: string;
  /** The question that it answers; null if that cannot be told, or there is none. */
  readonly questionId: string | null;
  /** The texts in the context, by the index with which the model may name one at the end. */
  readonly questionIds: readonly (string | null)[];
  /** The frame that triggered the reply; its time is the reply's time. */
  readonly frame: VideoFrame;
  readonly settings: LiveSettings;
  /** The replies that it must not repeat; nothing of it is told while it may still turn out to. */
  readonly earlier: readonly ToldReply[];
  /** Whether the model may turn out to have nothing to say. */
  readonly mayDecline: boolean;
}

/**
 * How a reply ended: told to its end, told in part, suppressed, so that nothing of it was told, or not made
 * since the context has no room for it.
 */
export type ReplyOutcome =
  | { readonly type: 'told'; readonly text: string }
  | { readonly type: 'failed' }
  | { readonly type: 'cancelled' }
  | { readonly type: 'suppressed' };

/**
 * Generates one reply and records it from start to end. An aborted reply is recorded as cancelled, with its
 * text so far; if generation fails, the reply is recorded as failed and the error thrown, unless the context
 * is full, or the model refuses or may be asked again later: that ends no more than the reply.
 */
export async function speak(
  memory: ContextMemory,
  state: SessionState,
  request: ReplyRequest,
  signal: AbortSignal,
): Promise<ReplyOutcome> {
  const reply = new Reply(state, request);
  const kept = request.settings.assistantTurns === 'keep';
  try {
    const { reason, tokens, ...surety } = await generate(memory, reply, request.settings, signal);
    const repeated =
      reply.repeated ?? (reason === 'cancelled' ? null : (reply.findRepeated() ?? reply.findEmpty()));
    if (repeated !== null) {
      reply.suppress(repeated, tokens);
      return { type: 'suppressed' };
    }
    const status = reason === 'cancelled' ? 'cancelled' : 'completed';
    const finish = reason === 'cancelled' ? null : reason === 'completed' ? 'end' : 'length';
    reply.finish({ status, finish, tokens, kept, ...surety });
    return status === 'cancelled' ? { type: 'cancelled' } : { type: 'told', text: reply.text };
  } catch (thrown) {
    const error = toDuetError(thrown);
    const { code, message } = error;
    const passes =
      code === 'context_full' || code === 'budget_spent' || code === 'refused' || error.retryable;
    const told = passes ? { error: { code, message } } : {};
    reply.finish({ status: 'failed', finish: null, tokens: 0, kept: false, ...told });
    if (passes) return { type: 'failed' };
    throw error;
  }
}

type ResponseDone = Extract<SessionHappening, { type: 'response.done' }>;
type ReplyEnding = Extract<ReplyPart, { type: 'end' }>;
type Ending = Pick<ResponseDone, 'status' | 'finish' | 'tokens' | 'kept' | 'confidence' | 'unsure' | 'error'>;
type Suppression = Pick<Extract<SessionHappening, { type: 'response.suppressed' }>, 'reason' | 'repeats'>;

async function generate(
  memory: ContextMemory,
  reply: Reply,
  { maxReplyTokens: maxTokens, repetitionPenalty, assistantTurns: afterwards }: LiveSettings,
  signal: AbortSignal,
): Promise<Pick<ReplyEnding, 'reason' | 'tokens' | 'confidence' | 'unsure'>> {
  using either = new EitherSignal(signal, reply.breaksOff);
  const options = { maxTokens, repetitionPenalty, afterwards };
  for await (const part of memory.generateReply(options, either.signal)) {
    if (part.type === 'end') {
      reply.answers(part.question);
      const { reason, tokens, confidence, unsure } = part;
      const sure = confidence === undefined ? {} : { confidence };
      return { reason, tokens, ...sure, ...(unsure === true && { unsure }) };
    }
    reply.add(part.text);
  }
  throw new Error('the model ended a reply without an end part');
}

/**
 * A reply on its way into the record: held back while it may repeat an earlier one, then told as it grows.
 */
class Reply {
  text = '';
  /** Why it is broken off; null as long as it is not. */
  repeated: Suppression | null = null;
  readonly #state: SessionState;
  readonly #request: ReplyRequest;
  readonly #breakOff = new AbortController();
  readonly #firedMs: number;
  #firstTokenMs: number | null = null;
  #questionId: string | null;
  /** The earlier replies that it may yet turn out to repeat. */
  #perhaps: readonly ToldReply[];
  #isHeld = true;

  constructor(state: SessionState, request: ReplyRequest) {
    this.#state = state;
    this.#request = request;
    this.#firedMs = state.log.elapsedMs();
    this.#perhaps = request.earlier;
    this.#questionId = request.questionId;
    if (this.#perhaps.length === 0 && !request.mayDecline) this.#release();
  }

  /** Aborts when the reply need not go on. */
  get breaksOff(): AbortSignal {
    return this.#breakOff.signal;
  }

  add(delta: string): void {
    if (this.repeated !== null) return;
    this.#firstTokenMs ??= this.#state.log.elapsedMs();
    this.text += delta;
    if (this.#isHeld) this.#compare();
    else this.#tell(delta);
  }

  /** The model says which question the reply answers, or that none does. */
  answers(index: number | null | undefined): void {
    if (index === null) this.#questionId = null;
    else if (index !== undefined) this.#questionId = this.#request.questionIds[index] ?? this.#questionId;
  }

  /** The earlier reply that the whole text repeats. */
  findRepeated(): Suppression | null {
    const told = this.#isHeld ? repeatedBy(this.text, this.#perhaps) : null;
    return told && { reason: 'nothing_new', repeats: told.responseId };
  }

  /** That there is nothing to tell, for a model that may decline. */
  findEmpty(): Suppression | null {
    const isEmpty = this.#request.mayDecline && this.text.trim() === '';
    return isEmpty ? { reason: 'nothing_new', repeats: null } : null;
  }

  finish(ending: Ending): void {
    if (this.#isHeld) this.#release();
    const { responseId } = this.#request;
    const questionId = this.#questionId;
    const timing = this.#timing();
    this.#record({ type: 'response.done', responseId, questionId, ...ending, text: this.text, timing });
  }

  suppress(repeated: Suppression, tokens: number): void {
    const { responseId, frame } = this.#request;
    const about = { responseId, questionId: this.#questionId, frameIndex: frame.index, ...repeated };
    const { text } = this;
    this.#record({ type: 'response.suppressed', ...about, text, tokens, timing: this.#timing() });
  }

  #compare(): void {
    const { repeatWords } = this.#request.settings;
    this.#perhaps = perhapsRepeated(this.text, this.#perhaps);
    const begun = repeatWords === 0 ? null : begunBy(this.text, this.#perhaps, repeatWords);
    if (begun !== null) {
      this.repeated = { reason: 'same_beginning', repeats: begun.responseId };
      this.#breakOff.abort();
    } else if (this.#perhaps.length === 0) this.#release();
  }

  #release(): void {
    this.#isHeld = false;
    const { responseId, questionId, frame } = this.#request;
    this.#record({ type: 'response.started', responseId, questionId, frameIndex: frame.index });
    if (this.text !== '') this.#tell(this.text);
  }

  #tell(delta: string): void {
    this.#record({ type: 'response.text.delta', responseId: this.#request.responseId, delta });
  }

  #timing(): ResponseDone['timing'] {
    return {
      firedMs: this.#firedMs,
      firstTokenMs: this.#firstTokenMs,
      finishedMs: this.#state.log.elapsedMs(),
    };
  }

  #record(happening: SessionHappening): void {
    this.#state.record(happening, this.#request.frame.videoTime);
  }
}
