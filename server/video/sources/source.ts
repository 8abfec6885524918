import type { ExpectedSender } from './expected-sender.js';

/** Where a video comes from: one of the kinds that `kinds.ts` opens. */
export type VideoSource<Type extends keyof SourceTypes = keyof SourceTypes> = {
  readonly [Each in Type]: { readonly type: Each } & SourceTypes[Each];
}[Type];

/** How each kind of source is specified. */
export interface SourceTypes {
  /** A regular file on this machine; relative paths are resolved against the working directory. */
  readonly file: { readonly path: string };
  /**
   * An http(s) address of a video file, an HLS playlist, or a network camera; or one of RTSP(S), RTMP(S),
   * SRT, or MPEG-TS over UDP. `transport`, by default `tcp`, is how RTSP sends its pictures.
   */
  readonly url: { readonly url: string; readonly transport?: 'tcp' | 'udp' };
  /** Pictures that a client pushes one by one. */
  readonly pictures: object;
  /** A container whose bytes a client pushes; an MP4 must be fragmented. */
  readonly container: { readonly format: 'webm' | 'mp4' | 'mpegts' };
  /** A live stream that a sender, such as OBS, pushes to this server. */
  readonly ingest: { readonly protocol: 'rtmp' | 'srt'; readonly sender: ExpectedSender };
}
