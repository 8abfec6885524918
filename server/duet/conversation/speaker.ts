import type { ModelCapabilities } from '../../runtime/capabilities.js';
import type { ContextMark } from '../../runtime/model.js';
import type { VideoFrame } from '../../video/frame.js';
import type { ContextMemory } from '../memory/memory.js';
import { toldReply, toldWithin, type ToldReply } from '../policy/repetition.js';
import type { SessionState } from '../record/session-state.js';
import { speak, type ReplyOutcome } from './reply.js';

/** The assistant's part: makes its replies, one at a time, and remembers what it told, so as not to repeat it. */
export class Speaker {
  readonly #state: SessionState;
  readonly #memory: ContextMemory;
  readonly #canCutBack: boolean;
  #told: readonly ToldReply[] = [];
  #replies: number;
  #speaking: AbortController | null = null;

  constructor(state: SessionState, memory: ContextMemory, { cutBack }: Pick<ModelCapabilities, 'cutBack'>) {
    this.#state = state;
    this.#memory = memory;
    this.#canCutBack = cutBack;
    this.#replies = state.repliesBefore;
  }

  /**
   * Makes the reply to a frame, which ends at `mark` in the context. A suppressed one is removed from there.
   */
  async reply(frame: VideoFrame, mark: ContextMark, signal: AbortSignal): Promise<ReplyOutcome> {
    const { settings } = this.#state;
    this.#told = toldWithin(this.#told, settings.repeatAfter, frame.videoTime);
    this.#replies += 1;
    const responseId = `response_${this.#replies}`;
    const request = { responseId, frame, settings, earlier: this.#told };
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
    const either = AbortSignal.any([signal, this.#speaking.signal]);
    try {
      return await speak(this.#memory, this.#state, request, either);
    } finally {
      this.#speaking = null;
    }
  }
}
