import type { Picture } from '../../video/frame.js';
import type { ModelCapabilities } from '../capabilities.js';
import type { ContextMark, ContextOptions, FrameScores, ReplyEnd, ReplyOptions } from '../model.js';

/** What a {@link ScriptedModel} says and how it fails. Everything has a default. */
export interface Script {
  /** Scores by position in the context (the last one repeats), or a function. Default: all 0. */
  readonly scores?: readonly FrameScores[] | ScoreScript;
  /**
   * Replies in turn (the last one repeats), each a text or its parts; or a function. Default: `reply 0`, ...
   */
  readonly replies?: readonly (string | readonly string[])[] | ReplyScript;
  /**
   * The relevance of a picture for each user text the context holds, oldest first; makes sense with the
   * capability `severalQuestions`. Default: not given.
   */
  readonly relevances?: (picture: Picture, texts: readonly string[]) => readonly number[];
  /** Index of the question that a reply says it answers, by the reply's number. Default: it does not say. */
  readonly answered?: (number: number) => number;
  /**
   * Awaited before every call that reaches the model; may throw to make the call fail. For a reply it is
   * awaited before the first part.
   */
  readonly before?: (call: HeardCall) => void | Promise<void>;
  /** Overrides of {@link scriptedCapabilities}. */
  readonly capabilities?: Partial<ModelCapabilities>;
}

/**
 * Scores one picture; `position` counts the frames before it that the context still holds, `texts` are the
 * user texts that it holds, oldest first.
 */
export type ScoreScript = (picture: Picture, position: number, texts: readonly string[]) => FrameScores;

/** The text parts of one reply, numbered from 0 in its context. An async part holds the reply open. */
type ReplyScript = (number: number, texts: readonly string[]) => Iterable<string> | AsyncIterable<string>;

/** What a scripted model was asked to do; `context` counts opened contexts from 0. */
export type HeardCall =
  | { readonly type: 'open'; readonly context: number; readonly options: ContextOptions }
  | { readonly type: 'frames'; readonly context: number; readonly pictures: readonly Picture[] }
  | { readonly type: 'user'; readonly context: number; readonly text: string }
  | { readonly type: 'reply'; readonly context: number; readonly options: ReplyOptions }
  | { readonly type: 'reply-end'; readonly context: number; readonly reason: ReplyEnd }
  | { readonly type: 'cut'; readonly context: number; readonly mark: ContextMark }
  | { readonly type: 'evict'; readonly context: number; readonly from: ContextMark; readonly to: ContextMark }
  | { readonly type: 'close'; readonly context: number };

/** Size of a turn's markup in a scripted model's context; a word takes 1 and a frame 4. */
export const turnSize = 5;

/** The number of words in a text: its size for a scripted model. */
export function wordsOf(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

/** What a scripted model can do unless its script says otherwise: everything. */
export const scriptedCapabilities: ModelCapabilities = {
  name: 'scripted',
  version: '1',
  description: 'follows a script',
  precision: 'fp32',
  pictureSide: 2,
  pictureFit: 'pad',
  fps: { madeFor: 2, most: null },
  recommended: {
    default: {
      fps: 2,
      heads: ['informative'],
      policy: { type: 'threshold', threshold: 0.5 },
      assistantTurns: 'remove',
      cooldown: 0,
    },
  },
  ...{ footage: 'real', languages: null, sees: {}, suggestions: {} },
  scores: ['informative', 'relevance'],
  severalQuestions: false,
  cutBack: true,
  evict: true,
  capacity: { unit: 'tokens', total: 4096, frame: 4, markup: 32, textByte: 3, replyToken: 1 },
  cost: { bytes: null, multiplyAdds: null, dollars: null },
  systemPrompt: 'You watch.',
  promptLayouts: ['trained', 'reference'],
};
