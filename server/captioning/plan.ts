import type { SessionChange } from '../settings/session-change.js';
import type { Sampler } from '../video/sampling/sampling-options.js';
import type { CaptionType } from './caption-files.js';
import type { FoundVideo } from './find-videos.js';

/** Which videos are captioned, how, and where the captions go. */
export interface CaptionPlan {
  readonly videos: readonly FoundVideo[];
  /** Folder of the captions. */
  readonly folder: string;
  readonly formats: readonly CaptionType[];
  /** Whether files there that are not ours may be overwritten. */
  readonly force: boolean;
  /** What the model is asked at the beginning of every video. */
  readonly ask: string;
  /** Most seconds without a caption; undefined leaves it to the model. */
  readonly every?: number | undefined;
  /** BCP 47 tag of the language asked for; it is also in the names of subtitle files. */
  readonly language?: string | undefined;
  /** Changes to the settings that the model recommends for captions. */
  readonly session?: SessionChange | undefined;
  readonly sampler?: Sampler | undefined;
  readonly maxFrames?: number | undefined;
  /** Name or path of the model. */
  readonly model: string;
  readonly workers?: number | undefined;
  /** Videos captioned at once; default: the cores. */
  readonly jobs?: number | undefined;
  readonly allowBundledFfmpeg: boolean;
}

/** Callbacks while videos are captioned. */
export interface CaptionHooks {
  readonly signal: AbortSignal;
  /** Called from time to time with how far everything has come. */
  readonly onProgress?: (progress: CaptionProgress) => void;
  readonly onWarning?: (message: string) => void;
}

/** How far everything has come. */
export interface CaptionProgress {
  /** Videos that are done, failed or captioned, of how many. */
  readonly done: number;
  readonly total: number;
  /** Share of the work that is done, from 0 to 1; a video counts by its size. */
  readonly share: number;
}

/** What became of one video. */
export type CaptionOutcome = { readonly video: FoundVideo; readonly name: string } & (
  | {
      readonly type: 'captioned';
      /** Whether an earlier run did it. */
      readonly earlier: boolean;
      /** Seconds of video. */
      readonly duration: number;
      readonly captions: number;
      /** Complaints of the decoder: the video may be cut off or damaged. */
      readonly warnings: readonly string[];
    }
  | { readonly type: 'failed'; readonly reason: string }
);
