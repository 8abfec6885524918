import { DuetError } from '../../../errors.js';

/**
 * The same pictures in multipart parts of one known form, each with its length: what ffmpeg's `mpjpeg` reads
 * without guessing.
 */
export async function* cameraPictures(
  name: string,
  body: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
  for await (const jpeg of jpegsOf(name, body)) {
    const type = 'Content-Type: image/jpeg';
    const headers = [`--${cameraBoundary}`, type, `Content-Length: ${jpeg.length}`, '', ''];
    yield Buffer.concat([Buffer.from(headers.join('\r\n')), jpeg, Buffer.from('\r\n')]);
  }
}

/**
 * The pictures of a network camera: JPEGs in the parts of a multipart body, with or without their lengths,
 * between boundaries of any form; cameras vary in all of this. Bytes between pictures are skipped.
 *
 * @throws DuetError 'source_failed' for a part that is too large to be a picture.
 */
export async function* jpegsOf(
  name: string,
  body: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let boundary: Buffer | undefined;
  for await (const chunk of body) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let part = nextPart(rest, boundary); part !== undefined; part = nextPart(rest, boundary)) {
      ({ boundary, rest } = part);
      if (part.picture !== undefined) yield part.picture;
    }
    if (rest.length > maxPictureBytes + maxHeaderBytes) throw tooLarge(name);
  }
}

/** Bytes of the largest picture a camera may send. */
const maxPictureBytes = 16 * 1024 ** 2;

/** Most bytes in the headers of one part; no camera sends more. */
const maxHeaderBytes = 16 * 1024;

/** The boundary between parts that {@link cameraPictures} writes. */
export const cameraBoundary = 'duet-picture';

/** Whether a content type is an endless series of pictures, as network cameras send it. */
export function isCameraType(contentType: string | undefined): boolean {
  return /^\s*multipart\//i.test(contentType ?? '');
}

/**
 * Whether a body begins as such a series does, whatever its content type: a boundary, headers, an empty line,
 * a JPEG.
 */
export function beginsAsCamera(head: Buffer): boolean {
  return /^\s*--[^\r\n]{1,100}\r?\n(?:[\w-]+:[^\r\n]*\r?\n)+\r?\n\xff\xd8\xff/.test(head.toString('latin1'));
}

function tooLarge(name: string): DuetError {
  return new DuetError(
    'source_failed',
    `${name} sends a part of more than ${maxPictureBytes / 1024 ** 2} MiB, which cannot be a camera's picture`,
  );
}

interface Part {
  /** Undefined for a part without one. */
  readonly picture: Buffer | undefined;
  /** The line between parts, as this camera writes it. */
  readonly boundary: Buffer;
  readonly rest: Buffer;
}

/** The first complete part; undefined until it has arrived. */
function nextPart(bytes: Buffer, known: Buffer | undefined): Part | undefined {
  const start = known === undefined ? bytes.indexOf('--') : bytes.indexOf(known);
  if (start < 0) return undefined;
  const lineEnd = bytes.indexOf('\n', start);
  if (lineEnd < 0) return undefined;
  const boundary =
    known ?? Buffer.from(bytes.subarray(start, lineEnd).toString('latin1').trimEnd(), 'latin1');
  const body = endOfHeaders(bytes, lineEnd - 1);
  if (body === undefined) return undefined;
  const declared = /^content-length:\s*(\d+)/im.exec(bytes.toString('latin1', lineEnd + 1, body))?.[1];
  return declared === undefined
    ? partWithoutLength(bytes, body, boundary)
    : partOfLength(bytes, body, Number(declared), boundary);
}

/** The search starts at the end of the boundary's line, since a part may have no headers. */
function endOfHeaders(bytes: Buffer, from: number): number | undefined {
  const ends = [
    ['\r\n\r\n', 4],
    ['\n\n', 2],
  ] as const;
  const found = ends.flatMap(([mark, length]) => {
    const at = bytes.indexOf(mark, from);
    return at < 0 ? [] : [at + length];
  });
  return found.length === 0 ? undefined : Math.min(...found);
}

function partOfLength(bytes: Buffer, body: number, length: number, boundary: Buffer): Part | undefined {
  if (bytes.length < body + length) return undefined;
  return partOf(bytes, body, body + length, boundary);
}

function partWithoutLength(bytes: Buffer, body: number, boundary: Buffer): Part | undefined {
  const end = bytes.indexOf(boundary, body);
  return end < 0 ? undefined : partOf(bytes, body, end, boundary);
}

const jpegStart = Buffer.from([0xff, 0xd8]);
const jpegEnd = Buffer.from([0xff, 0xd9]);

function partOf(bytes: Buffer, from: number, to: number, boundary: Buffer): Part {
  const content = bytes.subarray(from, to);
  const start = content.indexOf(jpegStart);
  const end = content.lastIndexOf(jpegEnd);
  const picture =
    start < 0 ? undefined : content.subarray(start, end < start ? undefined : end + jpegEnd.length);
  return { picture, boundary, rest: bytes.subarray(to) };
}
