/** Where a video comes from: one of the kinds that `kinds.ts` opens. */
export type VideoSource<Type extends keyof SourceTypes = keyof SourceTypes> = {
  readonly [Each in Type]: { readonly type: Each } & SourceTypes[Each];
}[Type];

/** What each kind of source is named by. */
export interface SourceTypes {
  /** A regular file on this machine; relative paths count from the working directory. */
  readonly file: { readonly path: string };
  /** An http(s) address of a video file, of an HLS playlist, or of a network camera. */
  readonly url: { readonly url: string };
  /** Pictures that a client pushes one by one. */
  readonly pictures: object;
}

/**
 * How messages name a source: the path as it was given, the address without user name, password, query and
 * fragment, else its kind.
 */
export function sourceName(source: VideoSource): string {
  switch (source.type) {
    case 'file':
      return source.path;
    case 'url':
      return addressName(source.url);
    default:
      return source.type;
  }
}

function addressName(address: string): string {
  if (!URL.canParse(address)) return address;
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
