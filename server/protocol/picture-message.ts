import { DuetError } from '../errors.js';

/**
 * A pushed picture, or bytes of a pushed container, on the wire: 16 bytes of header, little-endian, then the
 * picture or the bytes.
 *
 * | offset | type    | field                                                           |
 * |--------|---------|-----------------------------------------------------------------|
 * | 0      | uint8   | kind: 1 encoded (JPEG, PNG, WebP), 2 raw RGB, 3 container       |
 * | 1      | uint8   | 0                                                               |
 * | 2      | uint16  | 0                                                               |
 * | 4      | uint16  | width in pixels (raw), else 0                                   |
 * | 6      | uint16  | height in pixels (raw), else 0                                  |
 * | 8      | float64 | seconds on the client's clock, greater than the picture before; |
 * |        |         | 0 (container)                                                   |
 */
export type PictureMessage =
  | { readonly kind: 'container'; readonly bytes: Uint8Array }
  | { readonly kind: 'encoded'; readonly videoTime: number; readonly bytes: Uint8Array }
  | {
      readonly kind: 'rgb';
      readonly videoTime: number;
      readonly width: number;
      readonly height: number;
      /** width x height x 3 bytes, row by row. */
      readonly bytes: Uint8Array;
    };

/** Length of the header. */
const pictureHeaderBytes = 16;

const kinds = { encoded: 1, rgb: 2, container: 3 } as const;

/** Writes a picture as a binary message. Runs in browsers too. */
export function encodePictureMessage(picture: PictureMessage): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(pictureHeaderBytes + picture.bytes.byteLength);
  const header = new DataView(message.buffer);
  header.setUint8(0, kinds[picture.kind]);
  if (picture.kind === 'rgb') {
    header.setUint16(4, picture.width, true);
    header.setUint16(6, picture.height, true);
  }
  if (picture.kind !== 'container') header.setFloat64(8, picture.videoTime, true);
  message.set(picture.bytes, pictureHeaderBytes);
  return message;
}

/**
 * Reads a binary message; the picture's bytes are a view into it. Any number is accepted as its time; the
 * receiver of the picture checks it.
 * @throws DuetError 'invalid_message' for an invalid header.
 */
export function decodePictureMessage(message: Uint8Array): PictureMessage {
  if (message.byteLength <= pictureHeaderBytes) {
    throw invalid(`A binary message has ${message.byteLength} bytes: send a 16-byte header and a picture`);
  }
  const header = new DataView(message.buffer, message.byteOffset, pictureHeaderBytes);
  const kind = header.getUint8(0);
  const videoTime = header.getFloat64(8, true);
  const bytes = message.subarray(pictureHeaderBytes);
  if (header.getUint8(1) !== 0 || header.getUint16(2, true) !== 0) {
    throw invalid('Bytes 1 to 3 of a binary message must be 0');
  }
  if (kind === kinds.container) return { kind: 'container', bytes };
  if (kind === kinds.encoded) return { kind: 'encoded', videoTime, bytes };
  if (kind === kinds.rgb) return rawPicture(header, videoTime, bytes);
  throw invalid(`The picture's kind is ${kind}: send 1 (JPEG, PNG, WebP), 2 (raw RGB) or 3 (container)`);
}

function rawPicture(header: DataView, videoTime: number, bytes: Uint8Array): PictureMessage {
  const width = header.getUint16(4, true);
  const height = header.getUint16(6, true);
  const expected = width * height * 3;
  if (expected === 0 || bytes.byteLength !== expected) {
    throw invalid(
      `A raw picture of ${width}x${height} needs ${expected} bytes but has ` +
        `${bytes.byteLength}: send width x height x 3`,
    );
  }
  return { kind: 'rgb', videoTime, width, height, bytes };
}

function invalid(message: string): DuetError {
  return new DuetError('invalid_message', message);
}
