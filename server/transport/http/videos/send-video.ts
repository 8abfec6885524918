import { stat } from 'node:fs/promises';
import type { NextFunction, Request, Response } from 'express';
import { DuetError } from '../../../errors.js';

/**
 * Sends a video file, or the part of it that `Range` asks for, so that a page can seek in it. Several parts
 * that lie apart are answered with all of it. Throws 'not_found' where there is no such file.
 */
export async function sendVideo(
  path: string,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  const file = await stat(path).catch(() => null);
  if (file === null) throw new DuetError('not_found', 'The file of the video is gone from the server');
  const { size, mtime } = file;
  // Its size and time are a strong tag, with which a client may go on where it was cut off.
  const tag = `"${size.toString(16)}-${mtime.getTime().toString(16)}"`;
  const { range, 'if-range': condition } = request.headers;
  const isSame = condition === undefined || condition === tag || condition === mtime.toUTCString();
  const part = request.method === 'GET' && isSame ? wellFormedRange(range, size) : undefined;
  if (part === undefined) delete request.headers.range;
  else request.headers.range = part;
  // Dot folders in the path are ours, not the client's choice. A client that disconnects midway is not an
  // error.
  response.set('ETag', tag).sendFile(path, { dotfiles: 'allow' }, (error?: Error) => {
    if (error && !response.headersSent) next(error);
  });
}

/**
 * What a `Range` asks of a file of `size` bytes (RFC 9110, 14.1.2), so written that Express reads it as that;
 * undefined for all of it, which is also the answer to one that cannot be read.
 */
function wellFormedRange(range: string | undefined, size: number): string | undefined {
  const [, set = ''] = /^bytes=(.*)$/i.exec(range ?? '') ?? [];
  const parts = set.split(',').flatMap((part) => part.trim() || []);
  // No part of an empty file can be named.
  if (size === 0 || parts.length === 0 || !parts.every(isWellFormed)) return undefined;
  return `bytes=${parts.map((part) => withinFile(part, size)).join(',')}`;
}

function isWellFormed(part: string): boolean {
  const [, first, last] = /^(\d*)-(\d*)$/.exec(part) ?? [];
  if (first === undefined || last === undefined) return false;
  return first === '' || last === '' ? first !== last : Number(first) <= Number(last);
}

/** Of a file that is shorter than the part at its end that is asked for, all of it. */
function withinFile(part: string, size: number): string {
  return part.startsWith('-') ? `-${Math.min(Number(part.slice(1)), size)}` : part;
}
