import { toDuetError } from '../../errors.js';
import { locateVideo, type LibraryRules, type LocatedVideo } from '../../library/locate-video.js';
import { decodePictureMessage, type PictureMessage } from '../../protocol/picture-message.js';
import { sharedPlaces, type DecoderPlaces } from '../../video/ffmpeg/decoder-places.js';
import { openVideo } from '../../video/open-video.js';
import type { PushedPicture } from '../../video/pictures/decode-picture.js';
import { PushedPictures } from '../../video/sources/pushed/pushed-pictures.js';
import type { AskedSampling, OpenedSource, OpenSource } from './open-source.js';

/** What clients may watch, and how it is decoded. */
export interface SourceRules extends LibraryRules {
  /** Whether URLs may lead to this machine and to private networks. */
  readonly allowPrivateUrls: boolean;
  /** Whether the bundled ffmpeg of 2018 may decode videos of strangers. */
  readonly allowBundledFfmpeg: boolean;
  /** Bounds how many videos are decoded at once; default that of the library. */
  readonly places?: DecoderPlaces;
}

/** Opens what clients ask for, within the rules. */
export function sourceOpener(rules: SourceRules): OpenSource {
  return async (request, sampling, signal) => {
    if (request.type === 'pictures') return openPictures(sampling);
    const located = await locateVideo(request, rules);
    try {
      return await openLocated(located, rules, sampling, signal);
    } catch (thrown) {
      located.release();
      throw thrown;
    }
  };
}

async function openLocated(
  { source, name, trusted, release }: LocatedVideo,
  { allowBundledFfmpeg, allowPrivateUrls, places = sharedPlaces }: SourceRules,
  { pacing = 'realtime', maxFrames, ...sampling }: AskedSampling,
  signal: AbortSignal,
): Promise<OpenedSource> {
  const stream = await openVideo(
    source,
    {
      ...{ ...sampling, pacing, name, places },
      ...(maxFrames !== undefined && { maxFrames }),
      ffmpegPolicy: { trustedSource: trusted, allowBundled: allowBundledFfmpeg },
      allowPrivateUrls: trusted || allowPrivateUrls,
    },
    signal,
  );
  const realtime = pacing === 'realtime' || stream.info.live;
  return { stream, name, realtime, push: null, release };
}

function openPictures({ fps, side, maxFrames }: AskedSampling): OpenedSource {
  const stream = new PushedPictures({ fps, side, ...(maxFrames !== undefined && { maxFrames }) });
  return {
    stream,
    name: 'pictures',
    realtime: true,
    push: async (bytes) => {
      const message = readPicture(bytes, stream);
      await stream.push(toPicture(message), message.videoTime);
    },
  };
}

function readPicture(bytes: Uint8Array, stream: PushedPictures): PictureMessage {
  try {
    return decodePictureMessage(bytes);
  } catch (thrown) {
    stream.skipBroken(toDuetError(thrown).message);
    throw thrown;
  }
}

function toPicture(message: PictureMessage): PushedPicture {
  const { kind, bytes } = message;
  if (kind === 'encoded') return { type: 'encoded', bytes };
  return { type: 'rgb', width: message.width, height: message.height, bytes };
}
