import type OpenAI from 'openai';
import { DuetError } from '../../../errors.js';
import type { CallExpense, Judge, Rubric } from '../judge.js';
import type { JudgeSettings } from '../judge-settings.js';
import { isUsable } from '../read-rating.js';
import { chatRequest, promptHashOf, replyLimit, type ChatRequest } from './chat-request.js';
import { checkKey } from './check-endpoint.js';
import { readCompletion } from './chat-reply.js';
import { endpointFault, isContentRefusal, shownUrl } from './endpoint-fault.js';
import { estimateTokens } from './token-estimate.js';

/**
 * A model behind a chat-completions endpoint.
 * - Failed requests are repeated by the client: time-outs, lost connections, 408, 409, 429 and 5xx, as long as
 *   `Retry-After` says.
 * - A reply without a rating is asked for again, `attempts` times in all; the last one is the reply.
 * - A case the service refuses for its content has an empty reply; every other refusal is thrown.
 */
export function endpointJudge(client: OpenAI, model: string, settings: JudgeSettings): Judge {
  const { tally, maxTokens } = settings;
  return {
    id: `openai:${model}`,
    comparable: true,
    promptHash: promptHashOf(model, maxTokens),
    endpoint: shownUrl(settings.url),
    async rate(judgeCase, rubric) {
      checkKey(settings);
      const { body, cutTexts } = chatRequest(model, maxTokens, judgeCase, rubric);
      tally.cutTexts += cutTexts;
      const ask = () => askOnce(client, body, settings, expenseOf(model, maxTokens, body));
      let reply = await ask();
      for (let attempt = 1; attempt < settings.attempts && !isAnswer(reply, rubric); attempt += 1) {
        tally.askedAgain += 1;
        reply = await ask();
      }
      if (reply !== null) return reply;
      const problem = `the judge at ${shownUrl(settings.url)} does not answer with chat completions`;
      throw new DuetError('model_failed', `${problem}; check --judge-url, which mostly ends in /v1`);
    },
    foresee: (judgeCase, rubric) =>
      Promise.resolve(expenseOf(model, maxTokens, chatRequest(model, maxTokens, judgeCase, rubric).body)),
  };
}

function expenseOf(model: string, maxTokens: number, body: ChatRequest): CallExpense {
  const contents = body.messages.map((message) => message.content);
  return { calls: 1, inputTokens: estimateTokens(contents), outputTokens: replyLimit(model, maxTokens) };
}

function isAnswer(reply: string | null, rubric: Rubric): boolean {
  return reply !== null && isUsable(reply, rubric);
}

/** One reply; null where the service answered with something else. */
async function askOnce(
  client: OpenAI,
  body: ChatRequest,
  settings: JudgeSettings,
  estimate: CallExpense,
): Promise<string | null> {
  const { tally, signal, reserve } = settings;
  const settle = reserve?.(estimate);
  try {
    tally.requests += 1;
    const ask = (own: AbortSignal) => client.chat.completions.create(body, { signal: own });
    const reply = readCompletion(await untilAborted(ask, signal));
    if (reply === null) return null;
    settle?.(reply);
    tally.inputTokens += reply.inputTokens;
    tally.outputTokens += reply.outputTokens;
    return reply.text;
  } catch (thrown) {
    if (isContentRefusal(thrown)) return '';
    if (thrown instanceof SyntaxError) return null;
    throw endpointFault(thrown, settings);
  }
}

/**
 * Work that ends at once when interrupted: the client alone waits out its pauses between retries. It is given a signal of
 * its own, since the client never takes its listeners away again.
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
