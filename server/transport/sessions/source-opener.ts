import { DuetError, toDuetError } from '../../errors.js';
import { locateVideo, type LibraryRules, type LocatedVideo } from '../../library/locate-video.js';
import { decodePictureMessage, type PictureMessage } from '../../protocol/picture-message.js';
import { sharedPlaces, type DecoderPlaces } from '../../video/ffmpeg/decoder-places.js';
import type { ReceivedPicture } from '../../video/frame.js';
import { sourceName } from '../../video/sources/kinds.js';
import { retryWhileExpected } from '../../video/sources/pushed/ingest-source.js';
import { retryLive } from '../../video/sources/retry.js';
import { SharedSources } from '../../video/sources/shared/shared-sources.js';
import { sharingKey } from '../../video/sources/shared/sharing-key.js';
import type { ByteReceiver, FrameStream, PictureReceiver } from '../../video/stream.js';
import { notIngested, type Ingest, type IngestProtocol } from '../ingest/ingest.js';
import type { OpenedSource, OpenSource, SourceRequest, WaitingForSender } from './open-source.js';

/** Opens what clients ask for, within the rules. */
export function sourceOpener(rules: SourceRules): OpenSource {
  const { allowBundledFfmpeg, allowPrivateUrls, places = sharedPlaces } = rules;
  const shared = new SharedSources();
  return async (request, asked, signal, hear, tell) => {
    const { maxFrames, pacing, maxReconnects, owner, from, ...sampling } = asked;
    const { side, fit, detail, sampler } = sampling;
    const located = await locate(request, rules);
    const { source, name, trusted, release } = located;
    if (located.waiting !== undefined) tell?.(located.waiting);
    const options = {
      ...{ ...sampling, name, places, allowPrivateUrls: trusted || allowPrivateUrls },
      ...(maxFrames !== undefined && { maxFrames }),
      ...(pacing !== undefined && { pacing }),
      ...(from !== undefined && { from }),
      ffmpegPolicy: { trustedSource: trusted, allowBundled: allowBundledFfmpeg },
    };
    const retry =
      source.type === 'ingest'
        ? retryWhileExpected(source.sender, maxReconnects)
        : retryLive({ maxAttempts: maxReconnects });
    const key = sharingKey(source, { side, fit, detail, sampler, maxReconnects, trusted, from }, owner);
    const stream = await shared.open({ source, options, retry, hear, release }, key, signal);
    return { stream, name, realtime: stream.realtime, ...pushingTo(stream) };
  };
}

/** What clients may watch, and how it is decoded. */
export interface SourceRules extends LibraryRules {
  /** Whether URLs may lead to this machine and to private networks. */
  readonly allowPrivateUrls: boolean;
  /** Whether the bundled ffmpeg of 2018 may decode videos of strangers. */
  readonly allowBundledFfmpeg: boolean;
  /** Bounds how many videos are decoded at once; default {@link sharedPlaces}. */
  readonly places?: DecoderPlaces;
  /** Takes what senders push; default: nothing. */
  readonly ingest?: Ingest;
}

/** A source that may be opened; `waiting` tells where its sender is to push. */
interface LocatedSource extends LocatedVideo {
  readonly waiting?: WaitingForSender;
}

async function locate(request: SourceRequest, rules: SourceRules): Promise<LocatedSource> {
  if (request.type === 'ingest') return expectSender(request.protocol, rules);
  if (request.type !== 'pictures' && request.type !== 'container') return locateVideo(request, rules);
  const { trusted } = rules;
  const isPictures = request.type === 'pictures';
  const name = isPictures ? 'pictures' : sourceName(request);
  return { source: request, name, trusted: trusted || isPictures, release: () => undefined };
}

/** What is pushed may come from strangers, as far as the listener can be reached by them. */
async function expectSender(
  protocol: IngestProtocol,
  { ingest, trusted }: SourceRules,
): Promise<LocatedSource> {
  if (ingest === undefined) throw notIngested(protocol);
  const { sender, release, url, key, expiresInMs } = await ingest.expect(protocol);
  return {
    source: { type: 'ingest', protocol, sender },
    name: sourceName({ type: 'ingest', protocol, sender }),
    trusted: trusted && ingest.isLocal,
    release,
    waiting: { url, key, expiresInMs },
  };
}

/** How a client pushes into a source. */
function pushingTo({ receiver, byteReceiver }: FrameStream): Pick<OpenedSource, 'push' | 'room' | 'finish'> {
  if (receiver !== undefined) {
    return {
      push: (message) => pushPicture(message, receiver),
      finish: () => {
        receiver.end();
      },
    };
  }
  if (byteReceiver === undefined) return { push: null };
  return {
    push: (message) =>
      new Promise((resolve) => {
        pushBytes(message, byteReceiver);
        resolve();
      }),
    room: () => byteReceiver.room(),
    finish: () => {
      byteReceiver.end();
    },
  };
}

async function pushPicture(bytes: Uint8Array, receiver: PictureReceiver): Promise<void> {
  const message = readPicture(bytes, receiver);
  await receiver.push(toPicture(message), message.videoTime);
}

function pushBytes(message: Uint8Array, receiver: ByteReceiver): void {
  const { kind, bytes } = decodePictureMessage(message);
  if (kind === 'container') receiver.push(bytes);
  else throw wrongKind('the bytes of a container (kind 3)');
}

function readPicture(
  bytes: Uint8Array,
  receiver: PictureReceiver,
): Exclude<PictureMessage, ContainerMessage> {
  try {
    const message = decodePictureMessage(bytes);
    if (message.kind === 'container') throw wrongKind('pictures (kinds 1 and 2)');
    return message;
  } catch (thrown) {
    receiver.skipBroken(toDuetError(thrown).message);
    throw thrown;
  }
}

type ContainerMessage = Extract<PictureMessage, { kind: 'container' }>;

function wrongKind(expected: string): DuetError {
  return new DuetError(
    'invalid_message',
    `This source takes ${expected}: send those, or start another source`,
  );
}

function toPicture(message: Exclude<PictureMessage, ContainerMessage>): ReceivedPicture {
  const { kind, bytes } = message;
  if (kind === 'encoded') return { type: 'encoded', bytes };
  return { type: 'rgb', width: message.width, height: message.height, bytes };
}
