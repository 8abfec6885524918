import type { Tags } from '../../data/annotation-tags.js';
import type { QuestionId } from '../../data/question-id.js';
import type { ReplyTiming } from '../../data/reply-timing.js';

/** What one prediction line scored. */
export interface ExampleScore {
  readonly questionId: QuestionId;
  /** 1..5; null for a question without gold turns, and for an example that is left out. */
  readonly inSpan: number | null;
  /** Whether the judge took none of the replies on which the score rests. */
  readonly isLeftOut: boolean;
  /** The same with every reply at the time a viewer had it; null where no reply says when that was. */
  readonly inSpanAtDelivery: number | null;
  /** Mean over gold turns of the best rating; NaN without gold turns. */
  readonly best: number;
  readonly turns: number;
  /** Replies that came before the question and count nowhere; 0 in `compat`, which counts them as turns. */
  readonly turnsBeforeQuestion: number;
  /** Number of distinct replies, compared exactly. */
  readonly turnsDedup: number;
  /** Of the replies that have a time. */
  readonly timing: ReplyTiming;
  readonly tags: Tags;
}
