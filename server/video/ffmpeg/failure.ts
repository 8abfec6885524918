import { DuetError, type ErrorCode } from '../../errors.js';
import { maxPixels } from './resource-limits.js';

/**
 * The error for a video that ffmpeg could not open or finish: what is wrong with it, then ffmpeg's last line.
 *
 * @param complaints ffmpeg's warnings and errors, oldest first.
 * @param framesBefore frames decoded before it failed.
 */
export function ffmpegFailure(
  name: string,
  complaints: readonly string[],
  framesBefore: number,
  cause?: Error,
): DuetError {
  const found = meanings.find(([said]) => complaints.some((line) => said.test(line)));
  const meaning =
    found?.[1] ??
    (framesBefore > 0 ? `broke after ${framesBefore} frames` : 'holds no picture that can be decoded');
  const telling = found === undefined ? undefined : complaints.find((line) => found[0].test(line));
  const lastWords = [...new Set([...(telling === undefined ? [] : [telling]), ...complaints.slice(-2)])].join(
    ' | ',
  );
  const words = lastWords === '' ? (cause?.message ?? 'nothing') : lastWords;
  return new DuetError(found?.[2] ?? 'source_failed', `${name} ${meaning} (ffmpeg says: ${words})`, {
    cause,
    retryable:
      found === undefined ? complaints.some((line) => /End of file/.test(line)) : found[0] === outOfReach,
  });
}

/**
 * The error for an ffmpeg that was ended by a signal we did not send: which one, and who may have sent it.
 */
export function ffmpegCrash(name: string, signal: string, framesBefore: number): DuetError {
  const when = framesBefore > 0 ? `after frame ${framesBefore}` : 'before its first frame';
  const retryable = !crashes.has(signal);
  return new DuetError('source_failed', `${name} broke off ${when}: ${crashMeaning(signal)}`, { retryable });
}

/** Signals that a program brings on itself; the others come from outside. */
const crashes: ReadonlySet<string> = new Set([
  ...['SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGABRT', 'SIGTRAP', 'SIGSYS'],
]);

function crashMeaning(signal: string): string {
  if (crashes.has(signal))
    return `ffmpeg itself crashed (${signal}); convert the video, or install a newer ffmpeg`;
  return signal === 'SIGKILL'
    ? 'ffmpeg was killed from outside (SIGKILL), perhaps because memory ran out; try again'
    : `ffmpeg was ended from outside (${signal}); try again`;
}

/** The error for a video that delivered no picture while one was awaited for too long. */
export function stalledError(name: string, waitedMs: number, framesBefore: number): DuetError {
  const since = framesBefore > 0 ? ` after frame ${framesBefore}` : '';
  return new DuetError(
    'source_failed',
    `${name} gave no picture for ${Math.round(waitedMs / 1000)} ` +
      `seconds${since}; is its sender too slow, or stuck?`,
    { retryable: true },
  );
}

/** The error for reading that was stopped by its signal. */
export function cancelled(name: string, signal: AbortSignal): DuetError {
  return new DuetError('cancelled', `reading ${name} was cancelled`, { cause: signal.reason });
}

const noVideo = 'has no video stream (audio alone, or a cover picture)';

/** Whether this is the error for a video without pictures; those of a live one may be yet to come. */
export function isWithoutPictures({ message }: DuetError): boolean {
  return message.includes(noVideo);
}

/** Recognised formats that are not opened, whatever the file is called. The last entry matches any other. */
const refusedFormats: readonly (readonly [said: RegExp, meaning: string])[] = [
  [
    refusedAs(
      String.raw`mp[23] wav w64 flac aac e?ac3 aiff au amr\w* ape caf dts\w* mpc8? tta wv oma tak`,
      'truehd mlp voc xwma gsm loas spdif',
    ),
    noVideo,
  ],
  [
    refusedAs('hls concat dash sdp rtsp image2 imf webm_dash_manifest'),
    'is a playlist: it names other files, which are not opened; give the video file itself',
  ],
  [
    /Format not on whitelist: \w+_pipe\b/,
    'is a picture of a kind that is not accepted; convert it to PNG or JPEG',
  ],
  [
    refusedAs(
      'srt webvtt ass ttml lrc sami microdvd mpl2 mpsub subviewer1? realtext stl vplayer jacosub',
      'aqtitle pjs scc sup vobsub',
    ),
    'holds subtitles, not a video; give the video file itself',
  ],
  [refusedAs('tty ffmetadata bin xbin adf idf'), 'is a text, not a video; give the video file itself'],
  [/Format not on whitelist/, 'is of a kind that is not accepted; convert it to MP4 or WebM'],
];

/** The network or the sender fails, which may be over later. */
const outOfReach = new RegExp(
  'Server returned|HTTP error|Connection (to .* failed|refused|timed out|reset)|Failed to resolve|' +
    String.raw`Input/output error|Network is unreachable|method \w+ failed: 5\d\d`,
);

/** ffmpeg's messages and what they mean to the video's owner. The first match counts. */
const meanings: readonly (readonly [said: RegExp, meaning: string, code?: ErrorCode])[] = [
  [
    /Cannot allocate memory|Failed to allocate|[Oo]ut of memory/,
    'needs more memory than a decoder may use; scale it down or convert it first',
  ],
  ...refusedFormats,
  [
    /\(Video: webp,.* none\): unspecified size/,
    'is an animated WebP, which this ffmpeg does not read, or a damaged one; convert it to MP4, WebM or GIF',
  ],
  [
    /exceeds specified max pixel count|Picture size .* is invalid/,
    `has larger pictures than the ${maxPixels} pixels (4096 x 4096) that are accepted; scale it down first`,
  ],
  [/Stream map '0:V:0' matches no streams/, noVideo],
  [
    /moov atom not found/,
    'is not a complete video: its index (the "moov atom") is missing, so ' +
      'it is not an MP4, or it was cut off while being copied or uploaded',
  ],
  [
    /Decoder \(codec .*\) not found|unknown codec|Unknown decoder|Decoding requested, but no decoder found/,
    'has a video codec that this ffmpeg cannot decode; convert it to H.264, VP9 or AV1',
  ],
  [
    /Server returned 404|(HTTP error|method \w+ failed:) 404/,
    'does not exist on the server (404)',
    'not_found',
  ],
  [/StreamNotFound/, 'does not exist on the server', 'not_found'],
  [
    /method \w+ failed: 401/,
    'is not shown without the right user name and password (401); ' +
      'write them into the address, as in rtsp://user:password@host/',
    'unauthorized',
  ],
  [/method \w+ failed: 403/, 'is forbidden by its server (403)', 'unauthorized'],
  [outOfReach, 'cannot be fetched'],
  [
    /Protocol not found/,
    'is at a kind of address that this ffmpeg does not read; install another',
    'unsupported',
  ],
  [/Protocol '.*' not on whitelist/, 'leads to an address of a kind that is not accepted'],
  [
    /Invalid data found when processing input|EBML header parsing failed|could not find codec parameters/i,
    'is not a video that ffmpeg can read, or it is damaged',
  ],
];

/** Matches the refusal of any of these format names (patterns separated by spaces). */
function refusedAs(...names: readonly string[]): RegExp {
  return new RegExp(String.raw`Format not on whitelist: (${names.join(' ').replaceAll(' ', '|')})\b`);
}
