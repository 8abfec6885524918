import type { QuestionId } from './question-id.js';

/** One turn of the conversation as a prediction file reports it. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
  /** Seconds on the media clock: the frame the turn belongs to; -1 where the system gave no time. */
  readonly time: number;
  /** Seconds on the media clock when a viewer really had the whole reply; null where it was not measured. */
  readonly deliveryTime: number | null;
}

/** What the two heads said of one frame; each score is the probability of the positive class. */
export interface FrameScores {
  /** Seconds on the media clock. */
  readonly time: number;
  readonly informative: number | null;
  readonly relevance: number | null;
}

/** A line of a system that watched the stream and spoke by itself. */
export interface OnlinePrediction {
  readonly type: 'online';
  readonly questionId: QuestionId;
  /** Line of the file, from 1. */
  readonly line: number;
  readonly turns: readonly Turn[];
  /** Seconds. */
  readonly videoDuration: number | null;
  readonly frames: readonly FrameScores[];
}

/** A line of a system that saw the whole video and answered with one text. */
export interface OfflinePrediction {
  readonly type: 'offline';
  readonly questionId: QuestionId;
  /** Line of the file, from 1. */
  readonly line: number;
  readonly text: string;
  /** Seconds. */
  readonly videoDuration: number;
}

/** A line of a prediction file. */
export type Prediction = OnlinePrediction | OfflinePrediction;

/** The assistant's turns, in the order of the file. */
export function assistantTurns(turns: readonly Turn[]): Turn[] {
  return turns.filter((turn) => turn.role === 'assistant');
}

/** Whether a prediction says when a viewer had at least one of its replies. */
export function isDeliveryMeasured(prediction: Prediction): boolean {
  return prediction.type === 'online' && prediction.turns.some((turn) => turn.deliveryTime !== null);
}
