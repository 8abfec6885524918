import { sharedPlaces } from '../ffmpeg/decoder-places.js';
import { cancelled } from '../ffmpeg/failure.js';
import { locateFfmpeg, requireAllowedFfmpeg, strictFfmpegPolicy } from '../ffmpeg/binary.js';
import type { FfmpegInput } from '../ffmpeg/input.js';
import { sampleVideo } from '../sampling/sample-video.js';
import type { FrameStream } from '../stream.js';
import type { SourceOptions } from './source-kind.js';

/**
 * Opens a source that ffmpeg decodes, within the limit on concurrent decoders.
 *
 * @param prepare checks the source as far as possible without decoding, and describes it to ffmpeg.
 * @throws DuetError as {@link SourceKind.open} does.
 */
export async function decodeSource(
  prepare: () => Promise<FfmpegInput>,
  options: SourceOptions,
  signal: AbortSignal,
): Promise<FrameStream> {
  if (signal.aborted) throw cancelled(options.name, signal);
  const ffmpeg = options.ffmpeg ?? (await locateFfmpeg());
  requireAllowedFfmpeg(ffmpeg, options.ffmpegPolicy ?? strictFfmpegPolicy);
  const input = await prepareInPlace(prepare, options, signal);
  try {
    return await sampleVideo({ ...options, ffmpeg, input }, signal);
  } catch (thrown) {
    await input[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** Gives the decoder place back together with the input. */
async function prepareInPlace(
  prepare: () => Promise<FfmpegInput>,
  { name, places = sharedPlaces }: SourceOptions,
  signal: AbortSignal,
): Promise<FfmpegInput> {
  let leave = (): void => undefined;
  try {
    leave = await places.take(name, signal);
    const input = await prepare();
    const dispose = async () => {
      await input[Symbol.asyncDispose]();
      leave();
    };
    return { ...input, [Symbol.asyncDispose]: dispose };
  } catch (thrown) {
    leave();
    if (signal.aborted) throw cancelled(name, signal);
    throw thrown;
  }
}
