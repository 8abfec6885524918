import { setTimeout as pause } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { EitherSignal } from '../../concurrency/either-signal.js';
import { DuetError } from '../../errors.js';

/**
 * What a session says from now on, over HTTP. A lost connection is tried again for ever, and goes on where it
 * was. Ends when its client has closed the session, and when the signal aborts.
 *
 * @param tell hears that it is connected, and that the server is away
 * @throws DuetError 'not_found' for a session that the server does not have, 'unauthorized' where it may not
 * be read
 */
export async function* followReplies(
  { server, session }: FollowedSession,
  tell: (message: string) => void,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const reader = new ReplyReader(streamAddress(server, session));
  let isKnown = false;
  for (let failures = 0; !signal.aborted;) {
    try {
      await reader.connect(signal);
      if (!isKnown) tell(`connected to ${server}`);
      [isKnown, failures] = [true, 0];
      yield* reader.replies();
      if (reader.isOver && session !== 'latest') return;
    } catch (thrown) {
      if (isAborted(signal)) return;
      if (thrown instanceof DuetError) throw thrown;
      if (failures === 0) tell(`waiting for ${server}: ${reasonOf(thrown)}`);
      [isKnown, failures] = [false, failures + 1];
    } finally {
      reader.leave();
    }
    await pause(Math.min(longestWaitMs, firstWaitMs * 2 ** failures), null, { signal }).catch(() => null);
  }
}

/** A session, and where it is. */
interface FollowedSession {
  /** Address of the server, such as `http://127.0.0.1:8787`. */
  readonly server: string;
  /** Its id, a token of `session.share`, or `latest`. */
  readonly session: string;
}

/** One connection after another to the same stream. */
class ReplyReader {
  readonly #address: URL;
  #place: string | null = null;
  #body: Response['body'] = null;
  #gone: AbortController | null = null;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(address: URL) {
    this.#address = address;
  }

  /** Whether the session was closed by its client, and does not go on. */
  isOver = false;

  async connect(signal: AbortSignal): Promise<void> {
    this.#gone = new AbortController();
    this.#listen();
    const headers = this.#place === null ? {} : { 'last-event-id': this.#place };
    const either = new EitherSignal(signal, this.#gone.signal);
    const response = await fetch(this.#address, { headers, signal: either.signal, redirect: 'error' });
    if (!response.ok) throw await refusal(response);
    this.#body = response.body;
  }

  async *replies(): AsyncGenerator<string, void> {
    if (this.#body === null) return;
    const parser = new EventSourceParserStream({ maxBufferSize: mostCharacters });
    const events = this.#body.pipeThrough(new TextDecoderStream()).pipeThrough(parser);
    for await (const { id, data, event } of events) {
      this.#listen();
      if (event === 'ping') continue;
      this.#place = id ?? this.#place;
      const heard = told.safeParse(jsonOf(data)).data;
      if (heard?.type === 'session.closed') this.isOver = heard.reason === 'client_request';
      else if (heard !== undefined && heard.status !== 'failed' && heard.text.trim() !== '') yield heard.text;
    }
  }

  leave(): void {
    clearTimeout(this.#silence);
    this.#gone?.abort();
    this.#body = null;
  }

  /** A server that lives sends something every 15 s. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.#gone?.abort(new Error('it has gone silent'));
    }, silenceMs);
  }
}

const firstWaitMs = 250;
const longestWaitMs = 10_000;
const silenceMs = 40_000;

/** More than the longest event. */
const mostCharacters = 1024 * 1024;

const told = z.discriminatedUnion('type', [
  z.object({ type: z.literal('response.done'), status: z.string(), text: z.string() }),
  z.object({ type: z.literal('session.closed'), reason: z.string() }),
]);

const refused = z.object({ error: z.object({ message: z.string() }) });

function streamAddress(server: string, session: string): URL {
  const base = URL.canParse(server) ? new URL(server) : null;
  if (base === null || !['http:', 'https:'].includes(base.protocol)) {
    const message = `--server ${server} is no address of a server: write one such as http://127.0.0.1:8787`;
    throw new DuetError('invalid_request', message);
  }
  const path = `v1/sessions/${encodeURIComponent(session)}/stream?types=response.done,session.closed&last=0`;
  return new URL(path, base.href.replace(/\/?$/, '/'));
}

async function refusal(response: Response): Promise<Error> {
  const text = (await response.text().catch(() => '')).slice(0, 10_000);
  const message = refused.safeParse(jsonOf(text)).data?.error.message ?? `status ${response.status}`;
  if (response.status === 404) {
    const remedy = 'name a session of this server, a token of session.share, or latest';
    return new DuetError('not_found', `${message} (${remedy})`);
  }
  return response.status === 403 ? new DuetError('unauthorized', message) : new Error(message);
}

/** Asked anew: it may have aborted since it was asked last, which types do not know. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === '' ? thrown.message : `${thrown.message} (${code})`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
