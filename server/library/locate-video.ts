import { DuetError } from '../errors.js';
import { sourceName } from '../video/sources/kinds.js';
import type { VideoSource } from '../video/sources/source.js';
import { resolveInsideRoots } from './resolve-inside-roots.js';
import type { SampleLibrary } from './samples.js';
import type { UploadStore } from './upload-store.js';

/**
 * Finds a video that a client names, if the rules allow it.
 * @throws DuetError 'not_found' for a file that does not exist or is outside the allowed folders,
 * 'unauthorized' for addresses when they are not allowed.
 */
export async function locateVideo(named: NamedVideo, rules: LibraryRules): Promise<LocatedVideo> {
  const { trusted } = rules;
  switch (named.type) {
    case 'sample': {
      const { name, path } = await rules.samples.get(named.name);
      return { source: { type: 'file', path }, name, trusted: true, release: nothingHeld };
    }
    case 'upload': {
      const { path, release } = rules.uploads.use(named.uploadId);
      return { source: { type: 'file', path }, name: 'upload', trusted, release };
    }
    case 'file': {
      const path = await resolveInsideRoots(named.path, [...rules.allowRoots, rules.samples.folder]);
      return { source: { type: 'file', path }, name: named.path, trusted, release: nothingHeld };
    }
    case 'url': {
      requireUrlsAllowed(rules);
      return { source: named, name: sourceName(named), trusted, release: nothingHeld };
    }
    default:
      return named satisfies never;
  }
}

/** How a client names a video that the server has or can fetch. */
type NamedVideo =
  | { readonly type: 'sample'; readonly name: string }
  | { readonly type: 'upload'; readonly uploadId: string }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'url'; readonly url: string; readonly transport?: 'tcp' | 'udp' };

/** What clients may name. */
export interface LibraryRules {
  readonly samples: SampleLibrary;
  readonly uploads: UploadStore;
  /** Folders in which clients may name files, besides the samples. */
  readonly allowRoots: readonly string[];
  readonly allowUrls: boolean;
  /** Whether every client is on this machine. */
  readonly trusted: boolean;
}

/** A video that a client may watch. */
export interface LocatedVideo {
  readonly source: VideoSource;
  /** Its name in records and messages; never its path on this machine. */
  readonly name: string;
  /** Whether the video comes from us or from this machine's user rather than from a stranger. */
  readonly trusted: boolean;
  /** Releases what is held for the reader; call it once. */
  readonly release: () => void;
}

function nothingHeld(): void {
  return;
}

function requireUrlsAllowed({ trusted, allowUrls }: LibraryRules): void {
  if (trusted || allowUrls) return;
  throw new DuetError(
    'unauthorized',
    'This server does not fetch addresses for clients: start it with --allow-urls, or upload the video instead',
  );
}
