import { DuetError } from '../../errors.js';
import { Ingest } from '../../transport/ingest/ingest.js';
import { isListenAddress } from '../../transport/ingest/listen-address.js';
import { sourceName } from '../../video/sources/kinds.js';
import type { FoundSource } from './find-source.js';

/**
 * A source that a sender, such as OBS, is to push to this command: `ingest:rtmp`, `ingest:srt`, or with an
 * address of this machine, `ingest:rtmp:127.0.0.1:1936`. Tells where to push; null for any other source.
 *
 * @throws DuetError 'unsupported' when the address is not available, 'invalid_request' for one that cannot
 * be.
 */
export async function expectSender(
  named: string | undefined,
  tell: (message: string) => void,
): Promise<(AsyncDisposable & { readonly found: FoundSource }) | null> {
  const [, protocol, place] = /^ingest:(rtmp|srt)(?::(.+))?$/.exec(named ?? '') ?? [];
  if (protocol !== 'rtmp' && protocol !== 'srt') {
    if (named?.startsWith('ingest:') !== true) return null;
    const message = `${named} names no protocol that senders push by: write ingest:rtmp or ingest:srt`;
    throw new DuetError('invalid_request', message);
  }
  const address = place ?? defaultPlaces[protocol];
  if (!isListenAddress(address) || address === 'off') {
    const message = `${address} is no address with a port: write ingest:${protocol}:${defaultPlaces[protocol]}`;
    throw new DuetError('invalid_request', message);
  }
  const ingest = await Ingest.open({
    rtmp: 'off',
    srt: 'off',
    [protocol]: address,
    maxSenders: 1,
    log: tell,
  });
  const { sender, url, key } = await ingest.expect(protocol);
  tell(`waiting for a sender: push to ${url}${protocol === 'rtmp' ? ` with the stream key ${key}` : ''}`);
  const source = { type: 'ingest', protocol, sender } as const;
  const name = sourceName(source);
  const found = { source, name, trusted: ingest.isLocal, sample: null, footage: 'real' } as const;
  return { found, [Symbol.asyncDispose]: () => ingest[Symbol.asyncDispose]() };
}

const defaultPlaces = { rtmp: '127.0.0.1:1935', srt: '127.0.0.1:9000' };
