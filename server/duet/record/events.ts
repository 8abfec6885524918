import type { ErrorCode } from '../../errors.js';
import type { StreamNotice, VideoInfo } from '../../video/stream.js';
import type { LiveSettings, SessionSettings } from '../../settings/session-settings.js';
import type { DecisionReason } from '../policy/policy.js';

/** Milliseconds since the session was opened, on a monotonic wall clock. */
interface ResponseTiming {
  readonly firedMs: number;
  /** Null when the reply ended before its first token. */
  readonly firstTokenMs: number | null;
  readonly finishedMs: number;
}

/** What can happen in a session, without the fields every event carries. */
export type SessionHappening =
  | {
      readonly type: 'session.opened';
      readonly sessionId: string;
      readonly model: string;
      readonly settings: SessionSettings;
    }
  | {
      readonly type: 'session.updated';
      readonly settings: LiveSettings;
      readonly clientEventId: string | null;
    }
  | { readonly type: 'session.closed'; readonly reason: string }
  | {
      /**
       * The model's positions were used up: it goes on with a fresh context that knows the newest user texts
       * only.
       */
      readonly type: 'session.context.renewed';
      readonly forgottenTokens: number;
      readonly keptTexts: number;
    }
  | {
      readonly type: 'session.lagging';
      readonly queuedFrames: number;
      readonly droppedFrames: number;
      readonly behindSeconds: number;
    }
  | {
      readonly type: 'source.opened';
      readonly source: string;
      readonly info: VideoInfo;
      readonly samplingFps: number;
    }
  | StreamNotice
  | {
      readonly type: 'source.ended';
      readonly frames: number;
      readonly droppedFrames: number;
      /** User texts for moments that never came; a later source may reach them. */
      readonly waitingTexts: number;
      readonly reason: 'finished' | 'stopped';
      /** What the decoder complained of; a file that was cut off ends here too, and says so. */
      readonly warnings: readonly string[];
    }
  | {
      readonly type: 'source.failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryable: boolean;
    }
  | {
      readonly type: 'frame.scored';
      readonly frameIndex: number;
      readonly informativeScore: number;
      readonly relevanceScore: number;
      /** Sum of the enabled heads. */
      readonly score: number;
      /** Running sum since the last reply (policy `sum`), before it is reset. */
      readonly runningSum: number | null;
      /** What the score or the sum was compared with; null for policy `never` and while warming up. */
      readonly threshold: number | null;
      readonly fired: boolean;
      readonly reason: DecisionReason;
    }
  | {
      readonly type: 'user.text.inserted';
      readonly text: string;
      readonly clientEventId: string | null;
      readonly requestedTime: number | null;
    }
  | { readonly type: 'response.started'; readonly responseId: string; readonly frameIndex: number }
  | { readonly type: 'response.text.delta'; readonly responseId: string; readonly delta: string }
  | {
      readonly type: 'response.done';
      readonly responseId: string;
      readonly status: 'completed' | 'cancelled' | 'failed';
      /** Why a completed reply ended: its own end token, or the limit of tokens. */
      readonly finish: 'end' | 'length' | null;
      readonly text: string;
      readonly tokens: number;
      readonly kept: boolean;
      readonly timing: ResponseTiming;
    };

/** One line of a session's record. */
export type SessionEvent = SessionHappening & {
  /** Strictly increasing within a session, from 1. */
  readonly seq: number;
  /**
   * Seconds on the media clock: the frame, or the newest frame, this event belongs to; 0 before the first.
   */
  readonly videoTime: number;
  /** Milliseconds since the session was opened, on a monotonic wall clock. */
  readonly elapsedMs: number;
};
