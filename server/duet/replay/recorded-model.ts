import type { ModelCapabilities } from '../../runtime/capabilities.js';
import type { DuetContext, DuetModel, FrameScores, ReplyPart, ScoredFrame } from '../../runtime/model.js';
import type { Picture } from '../../video/frame.js';
import type { RecordedStep } from './recorded-steps.js';

type RecordedFrame = Extract<RecordedStep, { type: 'frame' }>;

/** Stands in for the model of a record: gives each frame the scores, and the reply, that are recorded for it. */
export class RecordedModel implements DuetModel {
  readonly capabilities: ModelCapabilities;
  /** The frame that is scored next, or was scored last. */
  frame: RecordedFrame | null = null;
  /** Replies whose text is not recorded, since the model was not asked at that frame. */
  unknownReplies = 0;

  constructor(name: string) {
    this.capabilities = { ...recordedCapabilities, name };
  }

  measure(): Promise<number> {
    return Promise.resolve(0);
  }

  openContext(): Promise<DuetContext> {
    const mark = { place: null };
    const context: DuetContext = {
      size: 0,
      start: mark,
      appendFrames: (pictures: readonly Picture[]): Promise<readonly ScoredFrame[]> =>
        Promise.resolve(pictures.map(() => ({ scores: this.#scores, mark }))),
      appendUserText: () => Promise.resolve(mark),
      generateReply: () => this.#reply(),
      cutBackTo: () => Promise.resolve(),
      evict: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return Promise.resolve(context);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  get #scores(): FrameScores {
    const { informativeScore: informative = 0, relevanceScore: relevance = 0 } = this.frame?.event ?? {};
    return { informative, relevance };
  }

  async *#reply(): AsyncGenerator<ReplyPart, void> {
    const reply = this.frame?.reply ?? this.#unknownReply();
    // Word by word, so that a gate that compares beginnings sees them grow.
    for (const text of reply.text.match(/\s*\S+|\s+$/g) ?? [])
      yield await Promise.resolve({ type: 'text', text });
    yield { type: 'end', reason: reply.end, tokens: reply.tokens };
  }

  /** The number makes each one another reply for gates against repeats. */
  #unknownReply(): NonNullable<RecordedFrame['reply']> {
    this.unknownReplies += 1;
    const text = `(unknown reply ${this.unknownReplies}: the model was not asked at this frame)`;
    return { text, end: 'completed', tokens: 0 };
  }
}

const recordedCapabilities: ModelCapabilities = {
  ...{ name: '', version: '', description: 'plays a record back', precision: null },
  ...{ pictureSide: null, pictureFit: 'pad' },
  fps: { madeFor: 2, most: null },
  recommended: {
    default: {
      ...{ fps: 2, heads: ['informative'], policy: { type: 'never' } },
      ...{ assistantTurns: 'remove', cooldown: 0 },
    },
  },
  ...{ languages: null, scores: ['informative', 'relevance'], severalQuestions: false },
  ...{ cutBack: true, evict: true, capacity: null },
  cost: { bytes: null, multiplyAdds: null, dollars: null },
  ...{ systemPrompt: null, promptLayouts: [] },
};
