import { extname } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import { DuetError } from '../errors.js';

/**
 * Recognises a file by its first bytes and its name. Either may indicate a video: cameras use many
 * extensions, and some streams have no signature. Throws 'unsupported' when neither does, 'invalid_request'
 * for an empty file.
 */
export async function uploadKind(head: Uint8Array, fileName: string): Promise<UploadKind> {
  if (head.byteLength === 0) {
    throw new DuetError('invalid_request', 'The uploaded file is empty: choose one that holds a video');
  }
  const ending = extname(fileName).toLowerCase();
  const detected = await fileTypeFromBuffer(head);
  const isVideo = detected !== undefined && videoTypes.test(detected.mime);
  const type = isVideo ? detected.mime : null;
  if (videoEndings.has(ending)) return { ending, type };
  if (isVideo) return { ending: `.${detected.ext}`, type };
  const what = describe(detected);
  throw new DuetError('unsupported', `${what}. Upload a video file, such as .mp4, .mov or .mts`);
}

/** Number of leading bytes that are enough to recognise a file. */
export const kindBytes = 64 * 1024;

/** Extensions of the formats listed in docs/video-sources.md. */
const videoEndings = new Set(
  (
    '.mp4 .m4v .mov .qt .f4v .3gp .3g2 .mkv .mk3d .webm .avi .divx .ts .mts .m2ts .m2t .mpg .mpeg .m2v ' +
    '.vob .flv .ogv .ogg .ogm .asf .wmv .mxf .nut .ivf .dv .gif .apng .png .webp .jpg .jpeg .mjpeg .mjpg ' +
    '.y4m .h264 .264 .avc .hevc .h265 .265 .obu .av1'
  ).split(' '),
);

/** Pictures count as videos of one or more frames when ffmpeg reads them that way. */
const videoTypes = /^video\/|^image\/(gif|apng|png|webp|jpeg)$|^application\/(mxf|ogg|vnd\.ms-asf)$/;

/** What kind of video a file is. */
interface UploadKind {
  /** Extension for its name on disk, with the dot. */
  readonly ending: string;
  /** Media type, as far as the content tells. */
  readonly type: string | null;
}

function describe(detected: { readonly mime: string; readonly ext: string } | undefined): string {
  if (detected === undefined) return 'The file is not a video, by name or by content';
  const { mime, ext } = detected;
  if (mime.startsWith('audio/')) return `The file holds sound only (${ext})`;
  return `The file is not a video but ${mime.startsWith('image/') ? 'a picture' : 'something else'} (${ext})`;
}
