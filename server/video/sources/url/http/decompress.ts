import { pipeline } from 'node:stream';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import type { HttpAnswer } from './http-get.js';

/**
 * A response with its body decompressed, since some servers compress even when asked not to; its length is
 * then unknown.
 */
export function decompressed(answer: HttpAnswer): HttpAnswer {
  const decoder = decoderOf(answer.headers['content-encoding']);
  if (decoder === undefined) return answer;
  // Errors reach the reader through the last stream.
  const body = pipeline(answer.body, decoder, () => undefined);
  return { ...answer, headers: { ...answer.headers, 'content-length': undefined }, body };
}

function decoderOf(encoding: string | undefined): Transform | undefined {
  switch (encoding?.toLowerCase() ?? '') {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return undefined;
  }
}
