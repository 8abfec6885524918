import { APIError } from 'openai';
import type OpenAI from 'openai';
import { DuetError } from '../../../../errors.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import type { CallEstimate } from '../../judge.js';
import type { ChatRequest } from './chat-request.js';
import { readCompletion } from './completion.js';
import { endpointFailure, errorOf, shownReason } from './endpoint-failure.js';
import { noReply } from './normalise-response.js';
import { refusalOf, type Refusal } from '../../../../endpoint/refusal.js';

/** Asks once, within the budget; the client retries failures. Throws errors that affect every case. */
export async function requestCompletion(
  client: OpenAI,
  body: ChatRequest,
  settings: JudgeSettings,
  estimate: CallEstimate,
): Promise<Outcome> {
  const { tally, signal, reserve } = settings;
  const settle = reserve?.(estimate);
  try {
    const ask = (own: AbortSignal) => client.chat.completions.create(body, { signal: own });
    const reply = readCompletion(await untilAborted(ask, signal));
    if (reply === null)
      throw new DuetError('internal', 'a response without a completion was not recognised as a failure');
    tally.requests += 1;
    settle?.(reply);
    tally.inputTokens += reply.inputTokens;
    tally.outputTokens += reply.outputTokens;
    if (reply.isFiltered) return { type: 'refused', refusal: { type: 'case' }, reason: keptBack };
    if (reply.isRefused) return { type: 'refused', refusal: { type: 'case' }, reason: refusedToRate };
    return { type: 'reply', text: reply.text, isCutOff: reply.isCutOff };
  } catch (thrown) {
    const refusal = requestRefusal(thrown);
    if (refusal === null) throw endpointFailure(thrown, settings);
    settle?.('nothing');
    return { type: 'refused', refusal, reason: shownReason(thrown, settings) };
  }
}

/** The outcome of one request. */
export type Outcome =
  | { readonly type: 'reply'; readonly text: string; readonly isCutOff: boolean }
  | { readonly type: 'refused'; readonly refusal: RequestRefusal; readonly reason: string };

/** A refusal of this request only, not of every request. */
type RequestRefusal = Exclude<Refusal, { readonly type: 'run' | 'later' }>;

/** Why a case is not judged when a filter withheld the reply. */
export const keptBack = 'the reply was kept back by a content filter';

/** Why a case is not judged when the model declined. */
export const refusedToRate = 'the model refused to rate it';

function requestRefusal(thrown: unknown): RequestRefusal | null {
  if (!(thrown instanceof APIError)) return null;
  if (thrown.code === noReply) return { type: 'case' };
  const { status, words } = errorOf(thrown);
  const refusal = refusalOf(status, words);
  return status < 400 || refusal.type === 'run' || refusal.type === 'later' ? null : refusal;
}

/**
 * Ends work at once when interrupted; the client by itself would wait out its pause before a retry. The work
 * gets its own signal, since the client never removes its listeners.
 */
async function untilAborted<Result>(
  work: (own: AbortSignal) => Promise<Result>,
  signal: AbortSignal | null,
): Promise<Result> {
  const own = new AbortController();
  if (signal === null) return work(own.signal);
  if (signal.aborted) throw interruption();
  let interrupt = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () => {
      reject(interruption());
      own.abort();
    };
  });
  signal.addEventListener('abort', interrupt);
  const running = work(own.signal);
  running.catch(() => undefined);
  return Promise.race([running, interrupted]).finally(() => {
    signal.removeEventListener('abort', interrupt);
  });
}

function interruption(): DuetError {
  return new DuetError('cancelled', 'judging was interrupted; the same command goes on where it stopped');
}
