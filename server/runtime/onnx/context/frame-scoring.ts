import type { LanguageDecoder } from '../graphs/language-decoder.js';
import type { YesOrNo } from '../text/yes-or-no.js';

/**
 * How a frame's scores are read: from two heads at its last token, or from the probability of yes after a
 * question that is appended behind it and forgotten again.
 */
export type FrameScoring =
  | { readonly type: 'heads'; readonly decoder: LanguageDecoder }
  | {
      readonly type: 'questions';
      readonly informative: string;
      readonly relevance: string;
      /** Ask after each so manieth frame; the others score 0. */
      readonly every: number;
      readonly answers: YesOrNo;
    };

/** The questions behind a frame. */
export type QuestionScoring = Extract<FrameScoring, { type: 'questions' }>;
