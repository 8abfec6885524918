import { pipeline } from 'node:stream';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import type { Answer } from './fetch-address.js';

/**
 * An answer with its body as it was before the server compressed it, which some do though they are asked not
 * to; its length is then not known.
 */
export function decoded(answer: Answer): Answer {
  const decoder = decoderOf(answer.headers['content-encoding']);
  if (decoder === undefined) return answer;
  // What breaks reaches the reader through the last stream.
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
