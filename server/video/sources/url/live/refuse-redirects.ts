import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

/**
 * Passes what an RTSP server sends on, but ends it at a reply with a redirect: ffmpeg would follow that to
 * any address, past all checks. A redirect is looked for everywhere, also where none belongs, so that it
 * cannot be hidden by breaking the protocol.
 */
export class RefuseRedirects extends Transform {
  readonly #onRedirect: () => void;
  /** The last bytes seen, while they may be the beginning of a status line. */
  #open: Buffer = Buffer.alloc(0);

  /** @param onRedirect called when a redirect was refused, before the stream breaks. */
  constructor(onRedirect: () => void) {
    super();
    this.#onRedirect = onRedirect;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const seen = this.#open.length === 0 ? chunk : Buffer.concat([this.#open, chunk]);
    if (this.#holdsRedirect(seen)) {
      this.#onRedirect();
      done(new Error('redirected'));
      return;
    }
    done(null, chunk);
  }

  #holdsRedirect(bytes: Buffer): boolean {
    for (let at = bytes.indexOf(mark); at >= 0;) {
      const line = bytes.toString('latin1', at, at + longestLine);
      const word = /^\S*/.exec(line)?.[0] ?? '';
      const rest = line.slice(word.length);
      if (redirect.test(rest)) return true;
      if (at + longestLine > bytes.length && unfinished.test(rest)) {
        this.#open = bytes.subarray(at);
        return false;
      }
      // What the word itself contains leads to the same status.
      at = bytes.indexOf(mark, at + word.length);
    }
    this.#open = bytes.subarray(Math.max(0, bytes.length - mark.length + 1));
    return false;
  }
}

const mark = Buffer.from('RTSP/');

/** What follows the first word: the status, as ffmpeg reads it. */
const redirect = /^\s+[+]?0*3\d\d\D/;
const unfinished = /^(\s+([+]?0*(3\d{0,2})?)?)?$/;

/** Bytes in which a status must have come; ffmpeg cuts lines off before that. */
const longestLine = 8192;
