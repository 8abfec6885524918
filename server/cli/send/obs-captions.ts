import { OBSWebSocket, OBSWebSocketError } from 'obs-websocket-js/json';
import { DuetError, toDuetError } from '../../errors.js';
import type { CaptionSink } from './caption-sink.js';

/**
 * Captions in the stream that OBS sends (CEA-608), which viewers switch on and off: `SendStreamCaption` of
 * obs-websocket 5. A connection that is lost is taken up again with the next caption.
 *
 * @param address such as `obs://127.0.0.1:4455`
 * @param password null where OBS asks for none
 * @throws DuetError 'unauthorized' for a wrong password, 'invalid_request' for an address that is none
 */
export async function openObsCaptions(address: string, password: string | null): Promise<CaptionSink> {
  const url = socketAddress(address);
  const obs = new OBSWebSocket();
  const connect = async (): Promise<void> => {
    if (obs.identified) return;
    await answered(
      obs,
      obs.connect(url.href, password ?? undefined, { rpcVersion: 1, eventSubscriptions: 0 }),
    );
  };
  await connect().catch((thrown: unknown) => {
    const error = obsError(thrown, url);
    if (error.code === 'unauthorized') throw error;
  });
  return {
    name: `OBS at ${url.host}`,
    columns: 32,
    show: async (lines) => {
      try {
        await connect();
        await answered(obs, obs.call('SendStreamCaption', { captionText: lines.join('\n') }));
      } catch (thrown) {
        throw obsError(thrown, url);
      }
    },
    [Symbol.asyncDispose]: () => obs.disconnect(),
  };
}

/** How long OBS may take to answer, in milliseconds. */
const patienceMs = 5000;

/** Codes of obs-websocket 5: how it closes a connection, and how it answers a request. */
const codes = { notRunning: 501, authenticationFailed: 4009 };

function socketAddress(address: string): URL {
  const place = address.replace(/^obs:\/\//, 'ws://');
  if (!place.startsWith('ws://') || !URL.canParse(place)) {
    throw new DuetError(
      'invalid_request',
      `${address} is no address of OBS: write one such as obs://127.0.0.1:4455`,
    );
  }
  const url = new URL(place);
  if (url.port === '' && !/:80$/.test(address)) url.port = '4455';
  return url;
}

function obsError(thrown: unknown, { host }: URL): DuetError {
  const code = thrown instanceof OBSWebSocketError ? thrown.code : null;
  const options = { cause: thrown };
  if (code === codes.authenticationFailed) {
    const remedy = 'put that of Tools, WebSocket Server Settings, into DUET_OBS_PASSWORD';
    return new DuetError('unauthorized', `OBS at ${host} refuses the password: ${remedy}`, options);
  }
  if (code === codes.notRunning) {
    const message = `OBS at ${host} takes captions only while it streams: press Start Streaming`;
    return new DuetError('invalid_request', message, options);
  }
  const remedy = 'start OBS, and switch on Tools, WebSocket Server Settings, Enable';
  const message = `OBS at ${host} cannot be reached (${toDuetError(thrown).message}): ${remedy}`;
  return new DuetError('source_failed', message, options);
}

/** The library waits for ever where a connection breaks in the middle of a request. */
async function answered<Value>(obs: OBSWebSocket, work: Promise<Value>): Promise<Value> {
  let giveUp: (thrown: Error) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    giveUp = reject;
  });
  const timer = setTimeout(() => {
    giveUp(new Error(`no answer for ${patienceMs / 1000} s`));
  }, patienceMs);
  // Until then the library says more about why.
  if (obs.identified) obs.once('ConnectionClosed', giveUp);
  return Promise.race([work, failed]).finally(() => {
    clearTimeout(timer);
    obs.off('ConnectionClosed', giveUp);
  });
}
