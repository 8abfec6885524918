import type { ErrorCode } from '../../errors.js';
import type { Unscored } from '../../runtime/model.js';
import type { SpendingFigures } from '../../runtime/spending-figures.js';
import type { StreamNotice, VideoInfo } from '../../video/stream.js';
import type { LiveSettings, SessionSettings } from '../../settings/session-settings.js';
import type { EvictedMemory } from '../memory/memory.js';
import type { DecisionReason } from '../policy/policy.js';

/** One line of a session's record. */
export type SessionEvent = SessionHappening & {
  /** Strictly increasing within a session, from 1. */
  readonly seq: number;
  /**
   * Seconds on the media clock of the frame this event belongs to, or of the newest one; 0 before the first.
   */
  readonly videoTime: number;
  /** Milliseconds since the session was opened, on a monotonic wall clock. */
  readonly elapsedMs: number;
};

/** Milliseconds since the session was opened, on a monotonic wall clock. */
interface ResponseTiming {
  readonly firedMs: number;
  /** Null when the reply ended before its first token. */
  readonly firstTokenMs: number | null;
  readonly finishedMs: number;
}

/** A response, and the question that it answers; null if that cannot be told, or there is none. */
interface ResponseName {
  readonly responseId: string;
  readonly questionId: string | null;
}

/** What was decided after a frame for one of several questions. */
interface QuestionTrace {
  /** Null for the conversation, if it has no question or several. */
  readonly questionId: string | null;
  readonly informativeScore: number;
  readonly relevanceScore: number;
  readonly score: number;
  readonly threshold: number | null;
  readonly fired: boolean;
  readonly reason: DecisionReason;
  readonly runningSum: number | null;
  readonly pictureChange: number | null;
}

/** A line of text as it was read in the picture. */
interface TextInPicture {
  readonly textId: string;
  readonly text: string;
  /** From 0 to 1. */
  readonly confidence: number;
  /** In shares of the picture from its left and top edges. */
  readonly box: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
  /** The third of the picture in which its middle lies. */
  readonly place: 'left' | 'middle' | 'right';
}

/** Everything that can happen in a session, without the fields common to all events. */
export type SessionHappening =
  | {
      readonly type: 'session.opened';
      readonly sessionId: string;
      readonly model: string;
      /** Whether the model takes several questions in one context, rather than each in one of its own. */
      readonly severalQuestions: boolean;
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
       * The session had ended, or its server was lost, and goes on from its record: in a new context that
       * holds the newest user texts.
       */
      readonly type: 'session.reopened';
      readonly model: string;
      /** As in `session.opened`. */
      readonly severalQuestions: boolean;
      readonly settings: SessionSettings;
      /** Why it had ended; null if its server was lost. */
      readonly endedBy: string | null;
      /** Milliseconds from its last recorded event until now. */
      readonly awayMs: number;
      /** How many user texts the new context was told again. */
      readonly keptTexts: number;
      /** Events that a client has seen but that were lost with the machine; their numbers are not reused. */
      readonly lostEvents: number;
      /** Name of the source that is being opened again; null if there is none, or it cannot be. */
      readonly source: string | null;
    }
  | {
      /** The record cannot be written to disk; the session goes on and its events are kept in memory. */
      readonly type: 'session.record.failed';
      readonly code: ErrorCode;
      readonly message: string;
    }
  | {
      /** The record is written again; so many events could not be kept meanwhile. */
      readonly type: 'session.record.recovered';
      readonly missedEvents: number;
    }
  | {
      /** The model's context was full: it continues with a new one that holds only the newest user texts. */
      readonly type: 'session.context.renewed';
      readonly forgottenTokens: number;
      readonly keptTexts: number;
    }
  | ({
      /** Frames and texts left the windows of the memory. */
      readonly type: 'session.context.evicted';
    } & Omit<EvictedMemory, 'type'>)
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
      /** User texts for times the source never reached; a later source may reach them. */
      readonly waitingTexts: number;
      readonly reason: 'finished' | 'stopped';
      /** Warnings of the decoder; a truncated file also ends this way, with a warning. */
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
      /** What the score or the sum was compared with; null for policy `never` and during warm-up. */
      readonly threshold: number | null;
      readonly fired: boolean;
      readonly reason: DecisionReason;
      /** How much the picture differs from that of the last reply, from 0 to 1; null if not measured. */
      readonly pictureChange: number | null;
      /** The question that the scores are for; null if that cannot be told, or there is none. */
      readonly questionId: string | null;
      /** Where several questions were judged apart: what was decided for each; the nearest is above. */
      readonly questions: readonly QuestionTrace[];
      /**
       * How much of what the model might have said was an answer, from 0 to 1; absent if it does not tell.
       */
      readonly trust?: number;
    }
  | ({
      /** A text has appeared in the picture, or was there when it was first read. */
      readonly type: 'text.seen';
    } & TextInPicture)
  | ({
      /** A text that was told is there no more. */
      readonly type: 'text.gone';
    } & TextInPicture)
  | ({
      /** A frame that the model saw but that has no scores, so nothing was decided about it. */
      readonly type: 'frame.unscored';
      readonly frameIndex: number;
    } & Unscored)
  | ({
      /**
       * What the session has cost so far at a model behind an API; at most every few seconds, and at its end.
       */
      readonly type: 'session.spent';
    } & SpendingFigures)
  | {
      readonly type: 'user.text.inserted';
      /** As a standing question, which every user text is until it is removed or gives way to newer ones. */
      readonly questionId: string;
      readonly text: string;
      readonly clientEventId: string | null;
      readonly requestedTime: number | null;
    }
  | {
      /** The model did not take a text when its moment came; the conversation goes on without it. */
      readonly type: 'user.text.refused';
      /** The question that was added, which is removed; null for what the user just said. */
      readonly questionId: string | null;
      readonly text: string;
      readonly clientEventId: string | null;
      readonly requestedTime: number | null;
      readonly code: ErrorCode;
      readonly message: string;
    }
  | {
      /** A question was added; `user.text.inserted` follows when the model has heard it. */
      readonly type: 'question.added';
      readonly questionId: string;
      readonly text: string;
      readonly threshold: number | null;
      readonly clientEventId: string | null;
    }
  | {
      readonly type: 'question.removed';
      readonly questionId: string;
      /** Null if it gave way to newer texts. */
      readonly clientEventId: string | null;
    }
  | ({ readonly type: 'response.started'; readonly frameIndex: number } & ResponseName)
  | { readonly type: 'response.text.delta'; readonly responseId: string; readonly delta: string }
  | {
      readonly type: 'response.done';
      readonly responseId: string;
      readonly questionId: string | null;
      readonly status: 'completed' | 'cancelled' | 'failed';
      /** Why a completed reply ended: an end token, or the token limit. */
      readonly finish: 'end' | 'length' | null;
      readonly text: string;
      readonly tokens: number;
      readonly kept: boolean;
      /** How sure the model was of its words, in (0, 1]; absent where it does not tell. */
      readonly confidence?: number;
      /** Below the margin under which the model's maker found replies to be wrong more often. */
      readonly unsure?: true;
      /** Why it failed, where that does not end the session. */
      readonly error?: { readonly code: ErrorCode; readonly message: string };
      readonly timing: ResponseTiming;
    }
  | {
      /**
       * A reply of which nothing was told, since it repeats an earlier one; the model's context forgets it.
       */
      readonly type: 'response.suppressed';
      readonly responseId: string;
      readonly questionId: string | null;
      readonly frameIndex: number;
      /** The whole text adds nothing, or it was broken off since it began with the same words. */
      readonly reason: 'nothing_new' | 'same_beginning';
      /** Identifier of the reply that it repeats; null if the model had nothing to say. */
      readonly repeats: string | null;
      readonly text: string;
      readonly tokens: number;
      readonly timing: ResponseTiming;
    };
