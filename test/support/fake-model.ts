import { DuetError } from '../../server/errors.js';
import type { ModelDescription } from '../../server/runtime/folder/manifest.js';
import type {
  ContextMark,
  ContextOptions,
  DuetContext,
  DuetModel,
  FrameScores,
  ReplyOptions,
} from '../../server/runtime/model.js';
import type { Picture } from '../../server/video/frame.js';
import { FakeContext, wordsOf } from './fake-model-context.js';

/**
 * What the fake model was asked to do, in the order of the calls; `context` counts opened contexts from 0.
 */
export type HeardCall =
  | { readonly type: 'open'; readonly context: number; readonly options: ContextOptions }
  | { readonly type: 'frames'; readonly context: number; readonly pictures: readonly Picture[] }
  | { readonly type: 'user'; readonly context: number; readonly text: string }
  | { readonly type: 'reply'; readonly context: number; readonly options: ReplyOptions }
  | {
      readonly type: 'reply-end';
      readonly context: number;
      readonly reason: 'completed' | 'length' | 'cancelled';
    }
  | { readonly type: 'cut'; readonly context: number; readonly mark: ContextMark }
  | { readonly type: 'close'; readonly context: number };

/** Looks at one picture; `position` counts the frames before it that the context still holds. */
export type ScoreScript = (picture: Picture, position: number) => FrameScores;

/**
 * The text parts of one reply, `number` counting from 0 in its context. A part may be awaited, so a test can
 * hold a reply open.
 */
export type ReplyScript = (number: number) => Iterable<string> | AsyncIterable<string>;

/** What a {@link FakeModel} says and how it fails. Everything has a default. */
export interface FakeModelScript {
  /** Scores by position in the context (the last one repeats), or a function. Default: all 0. */
  readonly scores?: readonly FrameScores[] | ScoreScript;
  /**
   * Replies in turn (the last one repeats), each a text or its parts; or a function. Default: `reply 0`,
   * `reply 1`, ...
   */
  readonly replies?: readonly (string | readonly string[])[] | ReplyScript;
  /**
   * Awaited before every call that reaches the model; may throw to make that call fail. `reply` awaits it
   * before its first part.
   */
  readonly before?: (call: HeardCall) => void | Promise<void>;
  readonly description?: Partial<ModelDescription>;
}

/** Scores read from a table by the picture's first byte, so that they follow a picture wherever it stands. */
export function scoresByFirstByte(table: readonly FrameScores[]): ScoreScript {
  return (picture) => table[picture.rgb[0] ?? 0] ?? { informative: 0, relevance: 0 };
}

/** A picture of the fake model's side filled with `value`, for {@link scoresByFirstByte}. */
export function fakePicture(value: number, side = 2): Picture {
  return { width: side, height: side, rgb: new Uint8Array(side * side * 3).fill(value) };
}

/**
 * A {@link DuetModel} that follows a script and records what it heard. A frame costs 4 tokens, a word of text
 * 1, a turn's markup 5.
 */
export class FakeModel implements DuetModel {
  readonly description: ModelDescription;
  /** Every call in order. */
  readonly heard: HeardCall[] = [];
  /** Every context opened so far, closed ones too. */
  readonly contexts: FakeContext[] = [];
  closed = false;
  readonly #script: FakeModelScript;

  constructor(script: FakeModelScript = {}) {
    this.#script = script;
    this.description = { ...fakeDescription, ...script.description };
  }

  countTokens(text: string): Promise<number> {
    return Promise.resolve(wordsOf(text));
  }

  async openContext(options: ContextOptions, signal?: AbortSignal): Promise<DuetContext> {
    if (this.closed) throw new DuetError('model_failed', 'the fake model is closed');
    if (signal?.aborted) throw new DuetError('cancelled', 'opening a context was aborted');
    const context = new FakeContext(
      this.contexts.length,
      options,
      this.description,
      this.#script,
      this.heard,
    );
    this.contexts.push(context);
    await context.hear({ type: 'open', context: context.number, options });
    return context;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

const fakeDescription: ModelDescription = {
  name: 'fake',
  version: '1',
  description: 'follows a script',
  precision: 'fp32',
  source: { checkpoint: 'none', adapter: null },
  picture: { side: 2, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], resampling: 'bilinear', padding: 'black' },
  tokensPerFrame: 4,
  decoder: {
    hiddenSize: 8,
    layers: 1,
    queryHeads: 1,
    keyValueHeads: 1,
    headSize: 8,
    ropeTheta: 10_000,
    maxContext: 4_096,
    vocabularySize: 256,
  },
  tokens: { start: 0, end: 1, endsReply: [1] },
  promptLayout: 'trained',
  systemPrompt: 'You watch.',
  recommended: {
    default: {
      fps: 2,
      heads: ['informative'],
      policy: { type: 'threshold', threshold: 0.5 },
      assistantTurns: 'remove',
      cooldown: 0,
    },
  },
};
