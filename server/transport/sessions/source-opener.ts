import { toDuetError } from '../../errors.js';
import { locateVideo, type LibraryRules, type LocatedVideo } from '../../library/locate-video.js';
import { decodePictureMessage, type PictureMessage } from '../../protocol/picture-message.js';
import { sharedPlaces, type DecoderPlaces } from '../../video/ffmpeg/decoder-places.js';
import type { ReceivedPicture } from '../../video/frame.js';
import { retryLive } from '../../video/sources/retry.js';
import { SharedSources } from '../../video/sources/shared/shared-sources.js';
import { sharingKey } from '../../video/sources/shared/sharing-key.js';
import type { PictureReceiver } from '../../video/stream.js';
import type { OpenedSource, OpenSource, SourceRequest } from './open-source.js';

/** Opens what clients ask for, within the rules. */
export function sourceOpener(rules: SourceRules): OpenSource {
  const { allowBundledFfmpeg, allowPrivateUrls, places = sharedPlaces } = rules;
  const shared = new SharedSources();
  return async (request, asked, signal, hear) => {
    const { maxFrames, pacing, maxReconnects, owner, from, ...sampling } = asked;
    const { side, fit, sampler } = sampling;
    const { source, name, trusted, release } = await locate(request, rules);
    const options = {
      ...{ ...sampling, name, places, allowPrivateUrls: trusted || allowPrivateUrls },
      ...(maxFrames !== undefined && { maxFrames }),
      ...(pacing !== undefined && { pacing }),
      ...(from !== undefined && { from }),
      ffmpegPolicy: { trustedSource: trusted, allowBundled: allowBundledFfmpeg },
    };
    const retry = retryLive({ maxAttempts: maxReconnects });
    const key = sharingKey(source, { side, fit, sampler, maxReconnects, trusted }, owner);
    const stream = await shared.open({ source, options, retry, hear, release }, key, signal);
    return { stream, name, realtime: stream.realtime, push: pushTo(stream.receiver) };
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
}

async function locate(request: SourceRequest, rules: SourceRules): Promise<LocatedVideo> {
  if (request.type !== 'pictures') return locateVideo(request, rules);
  return { source: request, name: 'pictures', trusted: true, release: () => undefined };
}

function pushTo(receiver: PictureReceiver | undefined): OpenedSource['push'] {
  if (receiver === undefined) return null;
  return async (bytes) => {
    const message = readPicture(bytes, receiver);
    await receiver.push(toPicture(message), message.videoTime);
  };
}

function readPicture(bytes: Uint8Array, receiver: PictureReceiver): PictureMessage {
  try {
    return decodePictureMessage(bytes);
  } catch (thrown) {
    receiver.skipBroken(toDuetError(thrown).message);
    throw thrown;
  }
}

function toPicture(message: PictureMessage): ReceivedPicture {
  const { kind, bytes } = message;
  if (kind === 'encoded') return { type: 'encoded', bytes };
  return { type: 'rgb', width: message.width, height: message.height, bytes };
}
