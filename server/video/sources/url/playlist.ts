import { DuetError } from '../../../errors.js';
import { maxPixels } from '../../ffmpeg/resource-limits.js';
import type { LookAheadBody } from './http/look-ahead-body.js';

/**
 * The text of an HLS playlist.
 *
 * @throws DuetError 'source_failed' for a playlist that is too long or too slow, and for other text.
 */
export async function readPlaylist(name: string, body: LookAheadBody): Promise<string> {
  const bytes = await body.lookAhead(maxPlaylistBytes, withinMs);
  if (!body.ended) {
    const slow = bytes.length < maxPlaylistBytes;
    const what = slow ? 'does not end within 15 seconds' : 'is longer than 8 MiB';
    body.close();
    throw new DuetError('source_failed', `${name} leads to a playlist that ${what}`, { retryable: slow });
  }
  const text = bytes.toString('utf8');
  if (isPlaylist(text)) return text;
  throw new DuetError(
    'source_failed',
    `${name} is a list of addresses, not an HLS playlist; give one of them`,
  );
}

/** Whether a text is an HLS playlist; a plain list of songs shares only its first line. */
function isPlaylist(text: string): boolean {
  return /^\uFEFF?#EXTM3U\s/.test(text) && /^#EXT-X-(STREAM-INF|TARGETDURATION|MEDIA-SEQUENCE)\b/m.test(text);
}

/**
 * Where an entry leads: another playlist, bytes of the video (segments, initialisation sections), or the key
 * with which it is encrypted.
 */
type PlaylistTarget = 'playlist' | 'media' | 'key';

/**
 * Rejects a playlist whose keys only players with a licence can get.
 *
 * @throws DuetError 'source_failed'
 */
export function refuseLicensed(name: string, text: string): void {
  const keys = text.split(/\r?\n/).filter((line) => keyLine.test(line));
  const licensed = keys.find((line) => keyFormat(line) !== 'identity');
  // Of several keys for the same segments each player takes the one that it knows.
  if (licensed === undefined || keys.some((line) => keyFormat(line) === 'identity')) return;
  const method = /\bMETHOD=([\w-]{1,40})/.exec(licensed)?.[1] ?? '';
  throw new DuetError(
    'source_failed',
    `${name} is encrypted (${method}, ${keyFormat(licensed)}) for players with a licence and cannot be ` +
      'played; give a copy that is not encrypted',
  );
}

const keyLine = /^#EXT-X-(SESSION-)?KEY\b/;

function keyFormat(line: string): string {
  return /\bKEYFORMAT="([^"]{1,100})/.exec(line)?.[1] ?? 'identity';
}

/** Whether a playlist lists other playlists. */
export function isMaster(text: string): boolean {
  return /^#EXT-X-STREAM-INF\b/m.test(text);
}

/** Whether segments may still be added to a playlist: only one marked as complete is a recording. */
export function isLivePlaylist(text: string): boolean {
  return !/^#EXT-X-(ENDLIST\b|PLAYLIST-TYPE:\s*VOD\b)/m.test(text);
}

/** Seconds of the longest segment, as a playlist declares them, at most a minute; 0 where it does not. */
export function targetDuration(text: string): number {
  return Math.min(60, Number(/^#EXT-X-TARGETDURATION:\s*(\d+)/m.exec(text)?.[1] ?? 0));
}

/**
 * Replaces every address in a playlist. Lines without an address are kept.
 *
 * @param replace returns the new address for one as written in the playlist.
 * @throws DuetError 'source_failed' for a playlist with more addresses than any video needs.
 */
export function rewritePlaylist(
  name: string,
  text: string,
  replace: (address: string, leadsTo: PlaylistTarget) => string,
): string {
  const leadsTo = isMaster(text) ? 'playlist' : 'media';
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.filter((line) => !line.startsWith('#')).length > maxTargets)
    throw new DuetError(
      'source_failed',
      `${name} names more than ${maxTargets} addresses, more than a day of video needs`,
    );
  const rewritten = lines.map((line) => {
    if (line.trim() === '') return line;
    if (!line.startsWith('#')) return replace(line.trim(), leadsTo);
    // EXT-X-KEY, EXT-X-MAP and others.
    const target = keyLine.test(line) ? 'key' : leadsTo;
    return line.replaceAll(/\bURI="([^"]*)"/g, (_, address: string) => `URI="${replace(address, target)}"`);
  });
  return rewritten.join('\n');
}

interface Variant {
  readonly lines: readonly string[];
  readonly attributes: string;
}

/**
 * Reduces a master playlist to its first variant with a picture of an accepted size, without separate sound
 * and subtitles. If it does not say which variants have a picture, all are kept.
 */
export function chooseVariant(text: string): string {
  const lines = text.split(/\r?\n/);
  const variants = variantsOf(lines);
  const chosen = variants.find(hasPicture);
  const kept = chosen === undefined ? variants : [chosen];
  const session = lines.filter((line) =>
    /^#EXT(M3U|-X-(VERSION|INDEPENDENT-SEGMENTS|DEFINE|SESSION-KEY))\b/.test(line),
  );
  return [...session, ...kept.flatMap((variant) => variant.lines), ''].join('\n');
}

/** Address of the first variant of a master playlist, as written there. */
export function firstVariant(text: string): string | undefined {
  return variantsOf(text.split(/\r?\n/))[0]?.lines[1];
}

function variantsOf(lines: readonly string[]): Variant[] {
  return lines.flatMap((line, i) => {
    if (!/^#EXT-X-STREAM-INF\b/.test(line)) return [];
    const address = lines.slice(i + 1).find((next) => next.trim() !== '' && !next.startsWith('#'));
    return address === undefined ? [] : [{ lines: [withoutGroups(line), address.trim()], attributes: line }];
  });
}

/** Removes references to the sound and subtitle groups that were left out. */
function withoutGroups(line: string): string {
  return line
    .replaceAll(/,?\b(AUDIO|SUBTITLES|CLOSED-CAPTIONS|VIDEO)=("[^"]*"|NONE)/g, '')
    .replace(/:,/, ':');
}

const pictureCodec = /\b(avc[1-4]|hvc1|hev1|dvh1|dvhe|av01|vp0?[89]|mp4v|vvc1|mjpg)\b/i;

function hasPicture({ attributes }: Variant): boolean {
  const size = /\bRESOLUTION=(\d+)x(\d+)/.exec(attributes);
  if (size !== null) return Number(size[1]) * Number(size[2]) <= maxPixels;
  const codecs = /\bCODECS="([^"]*)"/.exec(attributes)?.[1];
  return codecs !== undefined && pictureCodec.test(codecs);
}

/** Most bytes of a playlist, and how long it may take. */
const maxPlaylistBytes = 8 * 1024 ** 2;
const withinMs = 15_000;

/** Most addresses that one playlist may name: 24 hours in segments of one second. */
const maxTargets = 86_400;
