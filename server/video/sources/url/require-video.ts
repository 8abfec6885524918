import { STATUS_CODES } from 'node:http';

import { DuetError } from '../../../errors.js';
import type { HttpAnswer } from './http/http-get.js';
import { unsupportedSchemes } from './http/sign-in.js';

/**
 * Rejects a response that is not a video and says what it is instead.
 *
 * @param head the first bytes of the body.
 * @throws DuetError 'not_found' for a missing page, else 'source_failed'.
 */
export function requireVideo(name: string, answer: HttpAnswer, head: Buffer): void {
  if (answer.status === 401) throw notSignedIn(name, answer);
  if (answer.status >= 400) throw statusError(name, answer.status);
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  const found = kindOf(text, answer.headers['content-type'] ?? '');
  if (found !== undefined) throw new DuetError('source_failed', `${name} ${found}`);
}

function notSignedIn(name: string, { headers, signedIn = false }: HttpAnswer): DuetError {
  const unknown = unsupportedSchemes(headers['www-authenticate']);
  const why =
    unknown !== undefined
      ? `asks for a kind of sign-in that is not supported (401: ${unknown}); only Basic and Digest are`
      : signedIn
        ? 'rejects the user name or password in the address (401)'
        : 'asks for a user name and a password (401); write them into the ' +
          'address, as in http://user:password@host/';
  return new DuetError('source_failed', `${name} cannot be fetched: its server ${why}`);
}

/** The error for an address whose server answers with such a status: 400 or above. */
export function statusError(name: string, status: number): DuetError {
  switch (status) {
    case 404:
    case 410:
      return new DuetError('not_found', `${name} does not exist on the server (${status})`);
    case 403:
      return new DuetError('source_failed', `${name} cannot be fetched: its server forbids it (403)`);
    default:
      return new DuetError(
        'source_failed',
        `${name} cannot be fetched: its server answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(),
        { retryable: status === 408 || status === 429 || status >= 500 },
      );
  }
}

/** What a text response is; undefined when it may still be a video. */
function kindOf(text: string, contentType: string): string | undefined {
  if (/^<\?xml[^>]*>\s*(<!--[^]*?-->\s*)*<MPD\b|^<MPD\b/.test(text)) {
    return 'is a DASH manifest, which is not read; give its HLS playlist (.m3u8) or the video file itself';
  }
  if (
    /^(<!--[^]*?-->\s*)?<(!doctype html|html|head|body|script|meta)\b/i.test(text) ||
    isPage(text, contentType)
  ) {
    return 'is a web page, not a video; give the address of the video itself';
  }
  if (/^<\?xml\b/.test(text) || (/^[{[]/.test(text) && /json/i.test(contentType))) {
    return `is a text (${contentType || 'XML'}), not a video; give the address of the video itself`;
  }
  return undefined;
}

/** Servers also send videos as text/html; a page begins with a tag. */
function isPage(text: string, contentType: string): boolean {
  return /^text\/html/i.test(contentType) && text.startsWith('<');
}
