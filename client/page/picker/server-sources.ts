import { useEffect, useState } from 'preact/hooks';
import { field, listAt } from '../server/http.js';

/** What the server opens, as far as it has told; null until it has, or where it does not answer. */
export function useServerSources(): ServerSources | null {
  const [sources, setSources] = useState<ServerSources | null>(null);
  useEffect(() => {
    // A server that does not answer is told of where the samples are missing.
    listAt('/v1/sources').then(
      (listed) => {
        setSources(readSources(listed));
      },
      () => undefined,
    );
  }, []);
  return sources;
}

/** What may be watched on a server. */
export interface ServerSources {
  /** Which addresses it fetches. */
  readonly addresses: 'none' | 'public' | 'all';
  /** By which protocols senders such as OBS may push. */
  readonly protocols: readonly PushProtocol[];
  /** The largest file that it takes; null if it does not say. */
  readonly maxUploadBytes: number | null;
}

/** By which a sender pushes. */
export type PushProtocol = 'rtmp' | 'srt';

/** Reads the list of `GET /v1/sources`; a server of another version may list more. */
export function readSources(listed: readonly unknown[]): ServerSources {
  const ofType = (type: string): readonly unknown[] => listed.filter((one) => field(one, 'type') === type);
  const [address] = ofType('url');
  const [upload] = ofType('upload');
  const pushed = ofType('ingest').map((one) => field(one, 'protocol'));
  const maxBytes = field(upload, 'max_bytes');
  return {
    addresses: address === undefined ? 'none' : field(address, 'private') === true ? 'all' : 'public',
    protocols: (['rtmp', 'srt'] as const).filter((protocol) => pushed.includes(protocol)),
    maxUploadBytes: typeof maxBytes === 'number' ? maxBytes : null,
  };
}
