import { DuetError } from '../../errors.js';
import type { ErrorCode } from '../../errors.js';
import type { Picture } from '../../video/frame.js';
import type { Manifest } from '../folder/manifest.js';
import type { PromptedFolder } from '../prompted/prompted-folder.js';
import type { CallCost } from '../call-scope.js';
import type { ContextMark, ContextOptions, Pace, ReplyOptions, ReplyPart, ScoredFrame } from '../model.js';

/** See {@link WorkerStart}. */
export type Voice = 'decoder' | 'tracker';

/** What a worker is started with. */
export interface WorkerStart {
  /** The model folder, already checked. */
  readonly path: string;
  readonly manifest: Manifest;
  /** What speaks: the folder's decoder, or rules over what its detector sees. */
  readonly voice: Voice;
  /** A model that was exported for transformers.js, instead of one of our own folders. */
  readonly prompted?: PromptedFolder;
  /** Threads of each model call. */
  readonly threads: number;
}

type LayoutOptions = Omit<ContextOptions, 'pace' | 'worker'>;

/** A call on a context, before it is numbered. The caller numbers contexts. */
type ContextCall =
  | { readonly type: 'open'; readonly context: number; readonly options: LayoutOptions }
  | { readonly type: 'frames'; readonly context: number; readonly pictures: readonly Picture[] }
  | { readonly type: 'user'; readonly context: number; readonly text: string; readonly stands: boolean }
  | { readonly type: 'reply'; readonly context: number; readonly options: ReplyOptions }
  | { readonly type: 'cut'; readonly context: number; readonly mark: ContextMark }
  | {
      readonly type: 'evict';
      readonly context: number;
      readonly from: ContextMark;
      readonly to: ContextMark;
    }
  | { readonly type: 'close'; readonly context: number };

/** A call on the model itself. */
interface MeasureCall {
  readonly type: 'measure';
  readonly text: string;
}

/** A call before it is numbered, at the pace of its context (default `realtime`). */
export type ModelCall = (ContextCall | MeasureCall) & { readonly pace?: Pace };

/**
 * Messages to a worker. Every call gets exactly one final answer: `done`, `marked`, `scored`, `measured`,
 * `failed`, or a reply part of type `end`.
 */
export type ToWorker =
  | (ModelCall & { readonly call: number })
  /** Ends a call early. It is still answered. */
  | { readonly type: 'abort'; readonly call: number }
  /** So many text parts of a reply were consumed; the worker stays a bounded number of parts ahead. */
  | { readonly type: 'taken'; readonly call: number; readonly parts: number }
  /** Finish the running model call, free everything and exit. */
  | { readonly type: 'stop' };

/**
 * The answers to calls. `size` and `bytes` are those of the context after the call, 0 and null for calls
 * without a context; `cost` is what the call has taken since its last answer.
 */
export type CallAnswer = {
  readonly call: number;
  readonly size: number;
  readonly bytes: number | null;
  readonly cost: CallCost;
} & (
  | { readonly type: 'done' }
  | { readonly type: 'marked'; readonly mark: ContextMark }
  | { readonly type: 'scored'; readonly frames: readonly ScoredFrame[] }
  | { readonly type: 'measured'; readonly amount: number }
  | { readonly type: 'part'; readonly part: ReplyPart }
  | { readonly type: 'failed'; readonly error: PlainError }
);

/** Messages from a worker. */
export type FromWorker =
  { readonly type: 'loaded' } | { readonly type: 'load-failed'; readonly error: PlainError } | CallAnswer;

/** A {@link DuetError} as it crosses threads. */
interface PlainError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  /** Message of the underlying error. */
  readonly cause: string | null;
}

/** How many text parts a worker may be ahead of the consumer. */
export const partsAhead = 16;

/** How many of them are consumed before the worker is told: a message costs both threads more than a part. */
export const partsPerNotice = 8;

/** Converts an error for posting to another thread. */
export function toPlainError(error: DuetError): PlainError {
  const cause = error.cause instanceof Error ? error.cause.message : null;
  return { code: error.code, message: error.message, retryable: error.retryable, cause };
}

/** Restores an error that was posted. */
export function fromPlainError(error: PlainError): DuetError {
  const cause = error.cause === null ? undefined : new Error(error.cause);
  return new DuetError(error.code, error.message, { cause, retryable: error.retryable });
}
