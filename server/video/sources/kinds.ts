import type { FrameStream } from '../stream.js';
import { fileSource } from './file.js';
import { ingestSource } from './pushed/ingest-source.js';
import { containerSource } from './pushed/pushed-container.js';
import { pictureSource } from './pushed/pushed-pictures.js';
import type { SourceTypes, VideoSource } from './source.js';
import type { SourceKind, SourceOptions } from './source-kind.js';
import { urlSource } from './url/url-source.js';

/** Opens a source of any kind, once; see {@link SourceKind.open}. */
export function openSource<Type extends keyof SourceTypes>(
  source: VideoSource<Type>,
  options: SourceOptions,
  signal: AbortSignal,
): Promise<FrameStream> {
  return kinds[source.type].open(source, options, signal);
}

/** A source's default name in messages: as it was given, without its secrets. */
export function sourceName<Type extends keyof SourceTypes>(source: VideoSource<Type>): string {
  return kinds[source.type].name(source);
}

/** Whether a source is live whatever it sends, as its description alone shows. */
export function isKnownLive<Type extends keyof SourceTypes>(source: VideoSource<Type>): boolean {
  return kinds[source.type].isLive?.(source) ?? false;
}

/** Every kind of source. A new one is a file of its own, a line here and a line in `SourceTypes`. */
const kinds: { readonly [Type in keyof SourceTypes]: SourceKind<Type> } = {
  file: fileSource,
  url: urlSource,
  pictures: pictureSource,
  container: containerSource,
  ingest: ingestSource,
};
