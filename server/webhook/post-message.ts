import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { DuetError } from '../errors.js';
import {
  allowedAddresses,
  pinnedLookup,
  type ResolveRules,
} from '../video/sources/url/http/resolve-address.js';

/**
 * Posts a message. It connects to an address that was resolved and checked before, even if the name resolves
 * differently by now, and follows no redirection, so a receiver cannot lead it elsewhere. Never throws.
 */
export async function postMessage(message: Post, rules: PostRules, signal: AbortSignal): Promise<PostAnswer> {
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    const addresses = await allowedAddresses(message.url, { ...rules, name: 'the webhook' });
    return answerOf(await sent(message, addresses, limited));
  } catch (thrown) {
    const isLate = thrown instanceof Error && thrown.name === 'TimeoutError';
    const reason = isLate ? `no answer within ${patienceMs / 1000} s` : reasonOf(thrown);
    return { type: 'failed', reason, refused: false, final: false, retryAfterMs: null };
  }
}

/** What the receiver did. */
export type PostAnswer = { readonly type: 'taken' } | Failure;

/** Why a message was not taken. */
export interface Failure {
  readonly type: 'failed';
  readonly reason: string;
  /** Whether the receiver does not want this message, rather than being out of order. */
  readonly refused: boolean;
  /** Whether it wants no message like this ever again. */
  readonly final: boolean;
  /** How long it asks to wait. */
  readonly retryAfterMs: number | null;
}

/** Which addresses may be called. */
export type PostRules = Omit<ResolveRules, 'name'>;

interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How long a receiver may take, in milliseconds, and the most bytes of its answer that are read. */
const patienceMs = 15_000;
const mostAnswerBytes = 64 * 1024;

function sent(
  { url, headers, body }: Post,
  addresses: Parameters<typeof pinnedLookup>[0],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const post = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const all = { 'content-type': 'application/json', 'user-agent': 'Duet', ...headers };
  return new Promise((resolve, reject) => {
    const lookup = pinnedLookup(addresses);
    const request = post(url, { method: 'POST', headers: all, lookup, agent: false, signal }, (response) => {
      let read = 0;
      response.on('error', reject);
      response.on('data', (bytes: Buffer) => {
        read += bytes.length;
        // What it says does not matter, only that it has taken the message.
        if (read > mostAnswerBytes) response.destroy();
      });
      response.once('close', () => {
        resolve(response);
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): PostAnswer {
  if (statusCode >= 200 && statusCode < 300) return { type: 'taken' };
  const isRedirect = statusCode >= 300 && statusCode < 400;
  const seconds = Number(headers['retry-after']);
  return {
    type: 'failed',
    reason: isRedirect
      ? `HTTP ${statusCode}: redirections are not followed, name the final address`
      : `HTTP ${statusCode}`,
    refused: isRedirect || (statusCode >= 400 && statusCode < 500 && ![408, 425, 429].includes(statusCode)),
    final: statusCode === 410,
    retryAfterMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null,
  };
}

function reasonOf(thrown: unknown): string {
  if (thrown instanceof DuetError) return thrown.message;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : null;
  return code ?? (thrown instanceof Error ? thrown.message : String(thrown));
}
