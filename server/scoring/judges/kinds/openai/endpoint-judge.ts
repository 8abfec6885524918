import { setMaxListeners } from 'node:events';
import type OpenAI from 'openai';
import { shownUrl } from '../../../../endpoint/address.js';
import { DuetError } from '../../../../errors.js';
import { cachedJudge, openReplyCache } from '../../asking/cached-judge.js';
import { limitCalls } from '../../asking/call-limit.js';
import type { JudgeSettings } from '../../asking/judge-settings.js';
import { shareRequests } from '../../asking/remembered-replies.js';
import type { CallEstimate, Judge, JudgeCase, JudgeReply, Rubric } from '../../judge.js';
import { highestRating, isUsable } from '../../rating/read-rating.js';
import { beginsWithRating } from '../../rating/stated-rating.js';
import { chatRequest, estimateTokens, promptHashOf, type ChatRequest } from './chat-request.js';
import { openClient } from './client.js';
import { checkAddress, checkKey } from './endpoint-address.js';
import { requestCompletion, type Outcome } from './request-completion.js';
import { describeForm, firstForm, openFormMemory, replyRoomOf, type RequestForm } from './request-form.js';

/**
 * Opens a model behind an endpoint as a judge, with limited concurrency, shared requests and a reply cache.
 */
export async function openEndpointJudge(model: string, settings: JudgeSettings): Promise<Judge> {
  checkAddress(settings);
  // Every running request listens for an interruption.
  if (settings.signal !== null) setMaxListeners(0, settings.signal);
  const asked = endpointJudge(openClient(settings), model, settings);
  const limit = limitCalls(settings.concurrency);
  const limited: Judge = {
    ...asked,
    rate: (judgeCase, rubric) => limit(() => asked.rate(judgeCase, rubric)),
  };
  if (settings.cacheFolder === null) return shareRequests(limited, settings.tally);
  const cache = await openReplyCache(settings.cacheFolder);
  return shareRequests(cachedJudge(limited, cache, settings.tally), settings.tally);
}

/**
 * A model behind a chat-completions endpoint.
 * - The client retries failed requests: timeouts (of the whole answer), lost connections, 408, 409, 429, 5xx
 *   and errors inside answers of status 200. It respects `Retry-After`.
 * - If the service refuses the form of a request, or cuts replies off, the form is changed once for all
 *   requests.
 * - A case without a rating is asked again, `attempts` times in total; the last reply counts.
 * - A case the service refuses is `not_judged`; errors that affect every case are thrown.
 */
function endpointJudge(client: OpenAI, model: string, settings: JudgeSettings): Judge {
  const { tally } = settings;
  const room = replyRoomOf(settings.maxTokens);
  const first = firstForm(model, room);
  const asking = { client, model, settings, forms: openFormMemory(first, room) };
  const watch = watchRefusals(settings);
  return {
    id: `openai:${model}`,
    comparable: true,
    promptHash: promptHashOf(model, settings.maxTokens),
    endpoint: shownUrl(settings.url),
    askedAs: () => describeForm(asking.forms.current(), first),
    async rate(judgeCase, rubric) {
      checkKey(settings);
      tally.cutTexts += chatRequest(model, first, judgeCase, rubric).cutTexts;
      let last = await replyTo(asking, judgeCase, rubric);
      for (let attempt = 1; attempt < settings.attempts && isAskedAgain(last.reply, rubric); attempt += 1) {
        tally.askedAgain += 1;
        last = await replyTo(asking, judgeCase, rubric);
      }
      if (last.isCutOff) tally.cutOff += 1;
      watch(last.reply);
      return last.reply;
    },
    estimate: (judgeCase, rubric) =>
      Promise.resolve(estimateOf(first, chatRequest(model, first, judgeCase, rubric).body)),
  };
}

interface Asking {
  readonly client: OpenAI;
  readonly model: string;
  readonly settings: JudgeSettings;
  readonly forms: ReturnType<typeof openFormMemory>;
}

/**
 * Gets one reply in a form the service accepts. The loop ends because every round changes the form or
 * shortens the reply, and there are few ways to do so.
 */
async function replyTo(asking: Asking, judgeCase: JudgeCase, rubric: Rubric): Promise<Settled> {
  const { client, model, settings, forms } = asking;
  const rooms = roomsBelow(replyRoomOf(settings.maxTokens).first);
  let most = Number.POSITIVE_INFINITY;
  for (;;) {
    const asked = forms.current();
    const form = { ...asked, tokens: Math.min(asked.tokens, most) };
    const { body } = chatRequest(model, form, judgeCase, rubric);
    const outcome = await requestCompletion(client, body, settings, estimateOf(form, body));
    const isWhole = outcome.type !== 'reply' || !outcome.isCutOff || begins(outcome.text, rubric);
    if (outcome.type === 'refused' && outcome.refusal.type === 'form') {
      if (forms.turnFrom(asked, outcome.refusal.about)) continue;
    } else if (outcome.type === 'refused' && outcome.refusal.type === 'too_long') {
      const less = rooms.find((tokens) => tokens < form.tokens);
      most = less ?? most;
      if (less !== undefined) continue;
    } else if (!isWhole && form.tokens === asked.tokens && forms.turnFrom(asked, 'room')) {
      settings.tally.askedAgain += 1;
      continue;
    }
    return settled(outcome, isWhole);
  }
}

/** Reply lengths to try when a case plus the room for a reply are too long. */
function roomsBelow(first: number): readonly number[] {
  return [1024, first];
}

interface Settled {
  readonly reply: JudgeReply;
  /** Whether it was cut off before a rating; the reply is then empty. */
  readonly isCutOff: boolean;
}

function settled(outcome: Outcome, isWhole: boolean): Settled {
  if (outcome.type === 'refused') {
    return { reply: { type: 'not_judged', reason: outcome.reason }, isCutOff: false };
  }
  return { reply: isWhole ? outcome.text : '', isCutOff: !isWhole };
}

function begins(text: string, rubric: Rubric): boolean {
  return beginsWithRating(text, highestRating[rubric]);
}

function isAskedAgain(reply: JudgeReply, rubric: Rubric): boolean {
  return typeof reply !== 'object' && !isUsable(reply, rubric);
}

function estimateOf({ tokens }: RequestForm, body: ChatRequest): CallEstimate {
  return { calls: 1, inputTokens: estimateTokens(body), outputTokens: tokens };
}

/** How many cases may be refused in a row, from the start, before a run is given up. */
const mostRefusedAtFirst = 10;

/** Ends a run if the service refuses every case: then the cases are not the reason. */
function watchRefusals({ tally, url }: JudgeSettings): (reply: JudgeReply) => void {
  let refused = 0;
  let taken = 0;
  return (reply) => {
    if (typeof reply !== 'object') taken += 1;
    else refused += 1;
    if (taken > 0 || tally.cacheHits > 0 || refused < mostRefusedAtFirst || typeof reply !== 'object') return;
    const message =
      `the judge at ${shownUrl(url)} refused the first ${refused} ` +
      `cases, the last one with: ${reply.reason}`;
    throw new DuetError('invalid_request', `${message}; check the model and --judge-url`);
  };
}
