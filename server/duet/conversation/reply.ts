import { toDuetError } from '../../errors.js';
import type { LiveSettings } from '../../settings/session-settings.js';
import type { VideoFrame } from '../../video/frame.js';
import type { SessionHappening } from '../record/events.js';
import type { ContextMemory } from '../memory/memory.js';
import type { SessionState } from '../record/session-state.js';

/** What one reply needs besides its context. */
interface ReplyRequest {
  readonly responseId: string;
  /** The frame that triggered the reply; its time is the reply's time. */
  readonly frame: VideoFrame;
  readonly settings: LiveSettings;
}

/**
 * Generates one reply and records it from start to end. An aborted reply is recorded as cancelled, with its
 * text so far; if generation fails, the reply is recorded as failed and the error thrown.
 */
export async function speak(
  memory: ContextMemory,
  state: SessionState,
  request: ReplyRequest,
  signal: AbortSignal,
): Promise<void> {
  const { responseId, frame, settings } = request;
  const firedMs = state.log.elapsedMs();
  const progress: ReplyProgress = { text: '', firstTokenMs: null };
  const done = (ending: Pick<ResponseDone, 'status' | 'finish' | 'tokens' | 'kept'>): void => {
    const timing = { firedMs, firstTokenMs: progress.firstTokenMs, finishedMs: state.log.elapsedMs() };
    const { text } = progress;
    state.record({ type: 'response.done', responseId, ...ending, text, timing }, frame.videoTime);
  };
  state.record({ type: 'response.started', responseId, frameIndex: frame.index }, frame.videoTime);
  try {
    const { reason, tokens } = await generate(memory, state, request, progress, signal);
    const status = reason === 'cancelled' ? 'cancelled' : 'completed';
    const finish = reason === 'cancelled' ? null : reason === 'completed' ? 'end' : 'length';
    done({ status, finish, tokens, kept: settings.assistantTurns === 'keep' });
  } catch (thrown) {
    done({ status: 'failed', finish: null, tokens: 0, kept: false });
    throw toDuetError(thrown);
  }
}

interface ReplyProgress {
  text: string;
  firstTokenMs: number | null;
}

type ResponseDone = Extract<SessionHappening, { type: 'response.done' }>;

async function generate(
  memory: ContextMemory,
  state: SessionState,
  { responseId, frame, settings }: ReplyRequest,
  progress: ReplyProgress,
  signal: AbortSignal,
): Promise<{ reason: 'completed' | 'length' | 'cancelled'; tokens: number }> {
  const { maxReplyTokens: maxTokens, repetitionPenalty, assistantTurns: afterwards } = settings;
  for await (const part of memory.generateReply({ maxTokens, repetitionPenalty, afterwards }, signal)) {
    if (part.type === 'end') return { reason: part.reason, tokens: part.tokens };
    progress.firstTokenMs ??= state.log.elapsedMs();
    progress.text += part.text;
    state.record({ type: 'response.text.delta', responseId, delta: part.text }, frame.videoTime);
  }
  throw new Error('the model ended a reply without an end part');
}
