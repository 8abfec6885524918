import { EitherSignal } from '../../concurrency/either-signal.js';
import type { ModelCapabilities } from '../../runtime/capabilities.js';
import type { ContextMark } from '../../runtime/model.js';
import type { VideoFrame } from '../../video/frame.js';
import type { ContextMemory } from '../memory/memory.js';
import { toldReply, toldWithin, type ToldReply } from '../policy/repetition.js';
import type { SessionState } from '../record/session-state.js';
import { speak, type ReplyOutcome } from './reply.js';

/**
 * The assistant's part: makes its replies, one at a time, and remembers what it told, so as not to repeat it.
 */
export class Speaker {
  readonly #state: SessionState;
  readonly #memory: ContextMemory;
  readonly #canCutBack: boolean;
  readonly #mayDecline: boolean;
  readonly #nextId: () => string;
  #told: readonly ToldReply[] = [];
  #speaking: AbortController | null = null;

  /** `nextId` gives each reply its id. */
  constructor(
    state: SessionState,
    memory: ContextMemory,
    { cutBack, mayDecline = false }: Pick<ModelCapabilities, 'cutBack' | 'mayDecline'>,
    nextId: () => string,
  ) {
    this.#state = state;
    this.#memory = memory;
    this.#canCutBack = cutBack;
    this.#mayDecline = mayDecline;
    this.#nextId = nextId;
  }

  /** Makes the reply to a frame. A suppressed one is removed from the context. */
  async reply(
    { frame, mark, questionId, questionIds }: Occasion,
    signal: AbortSignal,
  ): Promise<ReplyOutcome> {
    const { settings } = this.#state;
    this.#told = toldWithin(this.#told, settings.repeatAfter, frame.videoTime);
    const responseId = this.#nextId();
    const earlier = this.#told;
    const about = { responseId, questionId, questionIds, frame, settings };
    const request = { ...about, earlier, mayDecline: this.#mayDecline };
    const outcome = await this.#speak(request, signal);
    if (outcome.type === 'told') {
      this.#told = [...this.#told, toldReply(responseId, frame.videoTime, outcome.text)];
    }
    const isKept = settings.assistantTurns === 'keep' && this.#canCutBack;
    if (outcome.type === 'suppressed' && isKept) await this.#memory.cutBackTo(mark);
    return outcome;
  }

  /** Cancels the reply being made; returns whether there was one. */
  cancel(): boolean {
    const speaking = this.#speaking !== null;
    this.#speaking?.abort();
    return speaking;
  }

  /** What was told may be said again: the user has said something new, or another source begins. */
  forgetTold(): void {
    this.#told = [];
  }

  async #speak(request: Parameters<typeof speak>[2], signal: AbortSignal): Promise<ReplyOutcome> {
    this.#speaking = new AbortController();
    using either = new EitherSignal(signal, this.#speaking.signal);
    try {
      return await speak(this.#memory, this.#state, request, either.signal);
    } finally {
      this.#speaking = null;
    }
  }
}

/** What a reply is made to. */
interface Occasion {
  readonly frame: VideoFrame;
  /** The place just after the frame in the context. */
  readonly mark: ContextMark;
  /** The question that it answers, as far as that can be told. */
  readonly questionId: string | null;
  /** The texts in the context, by the index with which the model may name one. */
  readonly questionIds: readonly (string | null)[];
}
