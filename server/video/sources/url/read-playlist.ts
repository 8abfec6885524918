import { DuetError } from '../../../errors.js';
import type { PeekedBody } from './http/look-ahead.js';
import { isPlaylist } from './playlist.js';

const maxPlaylistBytes = 8 * 1024 ** 2;
const withinMs = 15_000;

/**
 * The text of an HLS playlist.
 *
 * @throws DuetError 'source_failed' for one that is too long or too slow, and for text that is none.
 */
export async function readPlaylist(name: string, body: PeekedBody): Promise<string> {
  const bytes = await body.peek(maxPlaylistBytes, withinMs);
  if (!body.ended) {
    const what = bytes.length >= maxPlaylistBytes ? 'is longer than 8 MiB' : 'does not end within 15 seconds';
    body.close();
    throw new DuetError('source_failed', `${name} leads to a playlist that ${what}`);
  }
  const text = bytes.toString('utf8');
  if (isPlaylist(text)) return text;
  throw new DuetError(
    'source_failed',
    `${name} is a list of addresses, and no HLS playlist; give one of them`,
  );
}
