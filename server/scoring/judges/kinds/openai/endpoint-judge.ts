import { setMaxListeners } from 'node:events';
import type OpenAI from 'openai';
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
import { checkAddress, checkKey, shownUrl } from './endpoint-address.js';
import { requestCompletion, type Outcome } from './request-completion.js';
import { describeForm, firstForm, openFormMemory, replyRoomOf, type RequestForm } from './request-form.js';

/**
 * Opens a model behind an endpoint: so many requests at once, each case asked once, replies kept in the
 * cache.
 */
export async function openEndpointJudge(model: string, settings: JudgeSettings): Promise<Judge> {
  checkAddress(settings);
  // Every request under way listens for an interruption.
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
 * - Failed requests are repeated by the client: time-outs (of the whole answer), lost connections, 408, 409,
 *   429, 5xx and errors inside answers of status 200, as long as `Retry-After` says.
 * - A form of request that the service refuses, and a limit that cuts its replies off, are changed once, for
 *   all.
 * - A reply without a rating is asked for again, `attempts` times in all; the last one is the reply.
 * - A case the service refuses is `not_judged`; what concerns every case is thrown.
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
 * One reply, in the form that the service takes. Every turn takes another form or less room, of which there
 * are few.
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

/** What is tried in turn when a case and the room for a reply together are too long. */
function roomsBelow(first: number): readonly number[] {
  return [1024, first];
}

interface Settled {
  readonly reply: JudgeReply;
  /** Cut off before its rating; what comes before that holds none, so the reply is empty. */
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

/**
 * How many cases in a row, from the start, may be refused for no known reason before a run is given up.
 */
const mostRefusedAtFirst = 10;

/**
 * Ends a run in which a service refuses every case: then the cases are not the reason.
 */
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
