import { setTimeout as pause } from 'node:timers/promises';
import { DuetError } from '../../errors.js';
import type { CaptionSink } from './caption-sink.js';

/**
 * Captions of a live stream on YouTube, posted to the address that YouTube Studio shows for "Post captions to
 * URL". Each post has the time of its words and the next number; one that fails is posted again under the
 * same number.
 *
 * @param address from YouTube; whoever has it may caption the stream, so that it stands in no message
 * @param times of retries; tests shorten them
 * @throws DuetError 'invalid_request' for an address that is none
 */
export function openYoutubeCaptions(address: string, times: RetryTimes = usualTimes): CaptionSink {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    const message = 'The address for captions is none: copy it from YouTube Studio, it begins with http';
    throw new DuetError('invalid_request', message);
  }
  const { host } = new URL(address);
  let seq = 0;
  return {
    name: `YouTube (${host})`,
    columns: 42,
    show: async (lines, signal) => {
      // Its captions go by themselves.
      if (lines.length === 0) return;
      seq += 1;
      const url = new URL(address);
      url.searchParams.set('seq', String(seq));
      await postUntilTaken({ url, body: captionBody(lines, new Date()) }, times, signal);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Milliseconds. */
interface RetryTimes {
  /** How long an answer may take. */
  readonly answer: number;
  /** Before the first repetition; later ones wait twice as long each. */
  readonly first: number;
  /** How old a caption may be; then the next takes its turn. */
  readonly giveUp: number;
}

const usualTimes: RetryTimes = { answer: 5000, first: 500, giveUp: 20_000 };

/** `YYYY-MM-DDTHH:MM:SS.mmm` in UTC without a zone, and the text in one line. */
function captionBody(lines: readonly string[], time: Date): string {
  const text = lines.map((line) => line.replaceAll('<', '‹').replaceAll('>', '›')).join('<br>');
  return `${time.toISOString().replace('Z', '')}\n${text}\n`;
}

interface CaptionPost {
  readonly url: URL;
  readonly body: string;
}

async function postUntilTaken(post: CaptionPost, times: RetryTimes, signal: AbortSignal): Promise<void> {
  const begin = performance.now();
  for (let waitMs = times.first; ; waitMs *= 2) {
    const fault = await faultOf(post, times.answer, signal);
    if (fault === null) return;
    const isLate = performance.now() - begin + waitMs > times.giveUp;
    if (isLate || !fault.mayPass) throw new DuetError('source_failed', fault.message);
    await pause(waitMs, null, { signal });
  }
}

/** Why a post was not taken; null if it was. */
async function faultOf(
  { url, body }: CaptionPost,
  answerMs: number,
  signal: AbortSignal,
): Promise<{ readonly message: string; readonly mayPass: boolean } | null> {
  const { host } = url;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerMs)]),
    });
    await response.body?.cancel();
    if (response.ok) return null;
    const { status } = response;
    const mayPass = status >= 500 || status === 408 || status === 429;
    const remedy = mayPass ? 'it is tried again' : 'check that the stream is live and takes captions by URL';
    return { message: `YouTube (${host}) answers captions with status ${status}: ${remedy}`, mayPass };
  } catch (thrown) {
    signal.throwIfAborted();
    const why = thrown instanceof Error ? thrown.name : 'error';
    return { message: `YouTube (${host}) cannot be reached (${why}): check the network`, mayPass: true };
  }
}
