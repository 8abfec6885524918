/**
 * Where a video comes from.
 *
 * - `file`: a regular file on this machine; relative paths count from the working directory.
 * - `url`: an http(s) address of a video file, or of an HLS playlist.
 */
export type VideoSource =
  { readonly type: 'file'; readonly path: string } | { readonly type: 'url'; readonly url: string };

/** How messages name a source: the path as it was given, or the address without user name, password, query and fragment. */
export function sourceName(source: VideoSource): string {
  if (source.type === 'file') return source.path;
  if (!URL.canParse(source.url)) return source.url;
  const { protocol, host, pathname } = new URL(source.url);
  return `${protocol}//${host}${pathname}`;
}
