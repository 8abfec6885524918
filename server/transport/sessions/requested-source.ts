import { DuetError, toDuetError } from '../../errors.js';
import { resolveInsideRoots } from '../../library/resolve-inside-roots.js';
import type { SampleLibrary } from '../../library/samples.js';
import type { UploadStore } from '../../library/upload-store.js';
import { decodePictureMessage, type PictureMessage } from '../../protocol/picture-message.js';
import type { PushedPicture } from '../../video/pictures/decode-picture.js';
import { sharedPlaces, type DecoderPlaces } from '../../video/ffmpeg/decoder-places.js';
import { openVideo } from '../../video/open-video.js';
import { PicturePushSource } from '../../video/sources/pushed/pushed-pictures.js';
import { sourceName, type VideoSource } from '../../video/sources/source.js';
import type { RequestedSampling } from '../../video/stream.js';
import type { OpenedSource, OpenSource } from './source-opener.js';

/** What clients may watch. */
export interface SourceRules {
  /** Folders whose files clients may name. */
  readonly allowRoots: readonly string[];
  readonly allowUrls: boolean;
  /** Whether URLs may lead to this machine and to private networks. */
  readonly allowPrivateUrls: boolean;
  readonly allowBundledFfmpeg: boolean;
  /** Bounds how many videos are decoded at once; default that of the library. */
  readonly places?: DecoderPlaces;
  /** Whether every client is on this machine. */
  readonly trusted: boolean;
  readonly samples: SampleLibrary;
  readonly uploads: UploadStore;
}

/** Opens what clients ask for, within the rules. */
export function sourceOpener(rules: SourceRules): OpenSource {
  return async (request, sampling, signal) => {
    switch (request.type) {
      case 'pictures':
        return openPictures(sampling);
      case 'sample': {
        const { path } = await rules.samples.get(request.name);
        return open({ type: 'file', path }, { ...rules, trusted: true }, sampling, signal, request.name);
      }
      case 'upload':
        return openUpload(request.uploadId, rules, sampling, signal);
      case 'file': {
        const path = await resolveInsideRoots(request.path, [...rules.allowRoots, rules.samples.folder]);
        return open({ type: 'file', path }, rules, sampling, signal, request.path);
      }
      case 'url':
        requireUrlsAllowed(rules);
        return open({ type: 'url', url: request.url }, rules, sampling, signal);
      default:
        return request satisfies never;
    }
  };
}

async function openUpload(
  id: string,
  rules: SourceRules,
  sampling: RequestedSampling,
  signal: AbortSignal,
): Promise<OpenedSource> {
  const { path, release } = rules.uploads.use(id);
  try {
    return { ...(await open({ type: 'file', path }, rules, sampling, signal, 'upload')), release };
  } catch (thrown) {
    release();
    throw thrown;
  }
}

async function open(
  source: VideoSource,
  { trusted, allowBundledFfmpeg, allowPrivateUrls, places = sharedPlaces }: SourceRules,
  sampling: RequestedSampling,
  signal: AbortSignal,
  name = sourceName(source),
): Promise<OpenedSource> {
  const ffmpegPolicy = { trustedSource: trusted, allowBundled: allowBundledFfmpeg };
  const options = {
    ...{ ...sampling, ffmpegPolicy, name, places },
    allowPrivateUrls: trusted || allowPrivateUrls,
  };
  const stream = await openVideo(source, options, signal);
  return { stream, name, push: null };
}

function openPictures(sampling: RequestedSampling): OpenedSource {
  const stream = new PicturePushSource(sampling);
  return {
    stream,
    name: 'pictures',
    push: async (bytes) => {
      const message = readPicture(bytes, stream);
      await stream.push(toPicture(message), message.videoTime);
    },
  };
}

function readPicture(bytes: Uint8Array, stream: PicturePushSource): PictureMessage {
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

function requireUrlsAllowed({ trusted, allowUrls }: SourceRules): void {
  if (trusted || allowUrls) return;
  throw new DuetError(
    'unauthorized',
    'This server fetches no addresses for its clients: upload the video instead',
  );
}
